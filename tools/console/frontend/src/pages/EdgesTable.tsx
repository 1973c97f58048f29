import { Link } from 'wouter';
import type { PictureEdge } from '../api/types';
import { useSay } from '../i18n';
import { edgeColumns } from '../ui/edgeColumns';
import { StatusText } from '../ui/Status';
import { Table } from '../ui/Table';
import { useHref } from '../view';

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
        ...edgeColumns(say),
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
