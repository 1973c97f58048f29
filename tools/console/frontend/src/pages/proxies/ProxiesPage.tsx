import { Split } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useProxies } from '../../api/queries';
import type { ProxyRow, Status, TypeState } from '../../api/types';
import { useSay } from '../../i18n';
import { FilterInput, passes } from '../../ui/FilterInput';
import { Segmented } from '../../ui/fields';
import { Empty, Failure, Loading } from '../../ui/states';
import { StatusShape } from '../../ui/Status';
import { Table } from '../../ui/Table';
import { pageOf, useHref } from '../../view';
import { Page } from '../Page';
import { useInScope } from '../scope';

const SHAPES: Record<TypeState['state'], Status> = {
  synced: 'ok',
  pending: 'degraded',
  rejected: 'failure',
  never: 'idle',
};
const ORDER = ['CDS', 'EDS', 'LDS', 'RDS', 'SDS', 'NDS'];

export function stale(proxy: ProxyRow): boolean {
  return proxy.types.some((type) => type.state === 'rejected' || type.state === 'pending');
}

export default function ProxiesPage() {
  const say = useSay();
  const href = useHref();
  const inScope = useInScope();
  const [filter, setFilter] = useState('');
  const [only, setOnly] = useState<'all' | 'stale'>('all');
  const proxies = useProxies();
  if (proxies.error && !proxies.data)
    return <Failure error={proxies.error} retry={() => void proxies.refetch()} />;
  if (!proxies.data) return <Loading />;
  const scoped = proxies.data.filter((row) => inScope(row.cluster, row.namespace));
  const rows = scoped.filter(
    (row) =>
      (only === 'all' || stale(row)) &&
      passes(`${row.id} ${row.cluster} ${row.namespace} ${row.workload}`, filter),
  );
  const types = ORDER.filter((type) => scoped.some((row) => row.types.some((state) => state.type === type)));
  return (
    <Page
      title={say('page.proxies')}
      count={rows.length}
      actions={
        <div className="filters">
          <Segmented
            label={say('proxy.only')}
            options={(['all', 'stale'] as const).map((id) => ({ id, title: say.code(`proxy.${id}`) }))}
            value={only}
            onChange={setOnly}
          />
          <FilterInput value={filter} onChange={setFilter} />
        </div>
      }
    >
      <Summary rows={scoped} />
      <Table<ProxyRow>
        caption={say('page.proxies')}
        rows={rows}
        keyOf={(row) => row.id}
        empty={
          <Empty icon={Split} title={say(only === 'stale' ? 'proxy.noneStale' : 'proxy.noneConnected')} />
        }
        columns={[
          {
            id: 'id',
            title: say('column.proxy'),
            by: (row) => row.id,
            cell: (row) => <Link href={href(pageOf('proxies', row.id))}>{row.id}</Link>,
          },
          {
            id: 'cluster',
            title: say('column.cluster'),
            by: (row) => row.cluster,
            cell: (row) => row.cluster,
          },
          {
            id: 'workload',
            title: say('column.workload'),
            by: (row) => row.workload,
            cell: (row) => row.workload,
          },
          ...types.map((type) => ({
            id: type,
            title: type,
            by: (row: ProxyRow) => row.types.find((state) => state.type === type)?.state ?? '',
            cell: (row: ProxyRow) => <TypeCell state={row.types.find((state) => state.type === type)} />,
          })),
          {
            id: 'version',
            title: say('column.version'),
            by: (row) => row.version,
            cell: (row) => row.version,
          },
          {
            id: 'since',
            title: say('proxy.since'),
            by: (row) => row.connectedSince,
            cell: (row) => say.relative(row.connectedSince, Date.now()),
          },
          {
            id: 'control',
            title: say('proxy.controlPlane'),
            by: (row) => row.controlPlane,
            cell: (row) => row.controlPlane || '–',
          },
        ]}
      />
    </Page>
  );
}

function Summary({ rows }: { rows: readonly ProxyRow[] }) {
  const say = useSay();
  const count = (state: TypeState['state']) =>
    rows.filter((row) => row.types.some((type) => type.state === state)).length;
  return (
    <div className="tiles">
      {(
        [
          ['proxy.connectedCount', rows.length],
          ['proxy.syncedCount', rows.filter((row) => !stale(row)).length],
          ['proxy.pendingCount', count('pending')],
          ['proxy.rejectedCount', count('rejected')],
        ] as const
      ).map(([key, value]) => (
        <div key={key} className="tile">
          <span>{say(key)}</span>
          <strong className={key === 'proxy.rejectedCount' && value > 0 ? 'tone-failure' : undefined}>
            {say.count(value)}
          </strong>
        </div>
      ))}
    </div>
  );
}

export function TypeCell({ state }: { state: TypeState | undefined }) {
  const say = useSay();
  if (!state) return <span className="dim">–</span>;
  return (
    <span
      className="type-state"
      title={state.message || say('proxy.acknowledged', { time: say.dateTime(state.acknowledged) })}
    >
      <StatusShape status={SHAPES[state.state]} size={9} />
      {say.code(`proxy.state.${state.state}`)}
    </span>
  );
}
