import { Link } from 'wouter';
import type { PodRow } from '../../api/types';
import { useSay } from '../../i18n';
import { StatusText } from '../../ui/Status';
import { Table, type Column } from '../../ui/Table';
import { pageOf, useHref } from '../../view';

export function Pods({ pods, compact = false }: { pods: readonly PodRow[]; compact?: boolean }) {
  const say = useSay();
  const href = useHref();
  const columns: Column<PodRow>[] = [
    {
      id: 'name',
      title: say('column.pod'),
      by: (pod) => pod.name,
      cell: (pod) => <StatusText status={pod.ready ? 'ok' : 'notReady'}>{pod.name}</StatusText>,
    },
    {
      id: 'address',
      title: say('column.address'),
      by: (pod) => pod.address,
      cell: (pod) => <span className="mono">{pod.address}</span>,
    },
    {
      id: 'proxy',
      title: say('column.proxy'),
      cell: (pod) =>
        pod.proxy ? (
          <Link href={href(pageOf('proxies', pod.proxy))}>{say('proxy.connected')}</Link>
        ) : (
          <span className={pod.injected ? 'tone-degraded' : 'dim'}>
            {say(pod.injected ? 'proxy.missing' : 'proxy.none')}
          </span>
        ),
    },
  ];
  if (!compact) {
    columns.splice(
      2,
      0,
      { id: 'node', title: say('column.node'), by: (pod) => pod.node, cell: (pod) => pod.node || '–' },
      {
        id: 'locality',
        title: say('column.locality'),
        by: (pod) => pod.locality,
        cell: (pod) => pod.locality || '–',
      },
      {
        id: 'identity',
        title: say('column.identity'),
        cell: (pod) => <span className="mono">{pod.identity || '–'}</span>,
      },
    );
  }
  return (
    <Table
      caption={say('workload.pods')}
      compact={compact}
      rows={pods}
      keyOf={(pod) => pod.name}
      columns={columns}
      empty={<p className="dim">{say('workload.noPods')}</p>}
    />
  );
}
