import { Link } from 'wouter';
import type { PictureEdge } from '../api/types';
import { latencyOf } from '../graph/tone';
import { useSay } from '../i18n';
import { StatusText } from '../ui/Status';
import { Table } from '../ui/Table';
import { useHref } from '../view';
import { ErrorShare } from './services/ServicesPage';

interface Props {
  caption: string;
  edges: readonly PictureEdge[];
  /** The end that differs from row to row. */
  end: 'source' | 'target';
}

export function EdgesTable({ caption, edges, end }: Props) {
  const say = useSay();
  const href = useHref();
  return (
    <Table<PictureEdge>
      caption={caption}
      rows={edges}
      keyOf={(edge) => edge.id}
      empty={<p className="dim">{say('panel.noTraffic')}</p>}
      columns={[
        {
          id: 'end',
          title: say(end === 'source' ? 'column.from' : 'column.to'),
          by: (edge) => edge[end],
          cell: (edge) => (
            <StatusText status={edge.status}>
              <Link href={href('/topology', { selection: `e:${edge.id}` })}>{edge[end]}</Link>
            </StatusText>
          ),
        },
        {
          id: 'service',
          title: say('column.service'),
          by: (edge) => edge.service,
          cell: (edge) => edge.service || '–',
        },
        {
          id: 'path',
          title: say('column.path'),
          by: (edge) => edge.path,
          cell: (edge) => [say.code(`path.${edge.path}`), edge.gateway].filter(Boolean).join(' '),
        },
        {
          id: 'rate',
          title: say('column.rate'),
          numeric: true,
          by: (edge) => edge.rate,
          cell: (edge) => say.rate(edge.rate),
        },
        {
          id: 'share',
          title: say('column.share'),
          numeric: true,
          by: (edge) => edge.share,
          cell: (edge) => say.percent(edge.share),
        },
        {
          id: 'errors',
          title: say('column.errors'),
          numeric: true,
          by: (edge) => edge.failed,
          cell: (edge) => <ErrorShare share={edge.rate > 0 ? edge.failed / edge.rate : 0} />,
        },
        {
          id: 'latency',
          title: say('column.p95'),
          numeric: true,
          by: latencyOf,
          cell: (edge) => say.millis(latencyOf(edge)),
        },
        {
          id: 'mtls',
          title: say('column.mtls'),
          numeric: true,
          by: (edge) => edge.mutualTls,
          cell: (edge) => say.percent(edge.mutualTls),
        },
      ]}
    />
  );
}
