import { Waypoints } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useServices } from '../../api/queries';
import type { EndpointCount, ServiceRow } from '../../api/types';
import { useSay } from '../../i18n';
import { FilterInput, passes } from '../../ui/FilterInput';
import { Empty, Failure, Loading } from '../../ui/states';
import { StatusShape } from '../../ui/Status';
import { Table } from '../../ui/Table';
import { pageOf, useHref } from '../../view';
import { ErrorShare } from '../../ui/ErrorShare';
import { Page } from '../Page';
import { useInScope } from '../scope';

export default function ServicesPage() {
  const say = useSay();
  const href = useHref();
  const inScope = useInScope();
  const [filter, setFilter] = useState('');
  const services = useServices();
  if (services.error && !services.data)
    return <Failure error={services.error} retry={() => void services.refetch()} />;
  if (!services.data) return <Loading />;
  const rows = services.data.filter(
    (row) =>
      row.clusters.some((count) => inScope(count.cluster, row.namespace)) &&
      passes(`${row.namespace} ${row.name} ${row.host}`, filter),
  );
  return (
    <Page
      title={say('page.services')}
      count={rows.length}
      actions={<FilterInput value={filter} onChange={setFilter} />}
    >
      <Table<ServiceRow>
        caption={say('page.services')}
        rows={rows}
        keyOf={(row) => row.host}
        empty={<Empty icon={Waypoints} title={say('service.none')} />}
        columns={[
          {
            id: 'name',
            title: say('column.service'),
            by: (row) => row.name,
            cell: (row) => <Link href={href(pageOf('services', row.namespace, row.name))}>{row.name}</Link>,
          },
          {
            id: 'namespace',
            title: say('column.namespace'),
            by: (row) => row.namespace,
            cell: (row) => row.namespace,
          },
          {
            id: 'clusters',
            title: say('service.perCluster'),
            by: (row) => row.clusters.reduce((sum, count) => sum + count.ready, 0),
            cell: (row) => <ClusterStrip counts={row.clusters} />,
          },
          {
            id: 'ports',
            title: say('column.ports'),
            cell: (row) => (
              <span className="dim">
                {row.ports.map((port) => `${port.number} ${port.protocol}`).join(', ')}
              </span>
            ),
          },
          {
            id: 'rate',
            title: say('column.rate'),
            numeric: true,
            by: (row) => row.rate,
            cell: (row) => say.rate(row.rate),
          },
          {
            id: 'errors',
            title: say('column.errors'),
            numeric: true,
            by: errorsOf,
            cell: (row) => <ErrorShare share={errorsOf(row)} />,
          },
          {
            id: 'latency',
            title: say('column.latency'),
            numeric: true,
            by: (row) => row.meanMillis,
            cell: (row) => (row.rate > 0 ? say.millis(row.meanMillis) : '–'),
          },
          {
            id: 'mtls',
            title: say('column.mtls'),
            numeric: true,
            by: (row) => row.mutualTls,
            cell: (row) => (row.rate > 0 ? say.percent(row.mutualTls) : '–'),
          },
          {
            id: 'findings',
            title: say('column.findings'),
            numeric: true,
            by: (row) => row.findings,
            cell: (row) => <FindingCount count={row.findings} />,
          },
        ]}
      />
    </Page>
  );
}

function errorsOf(row: ServiceRow): number {
  return row.rate > 0 ? row.failed / row.rate : 0;
}

export function FindingCount({ count }: { count: number }) {
  const say = useSay();
  return count > 0 ? <span className="tag warn">{say.count(count)}</span> : <span className="dim">–</span>;
}

/** Ready endpoints of each cluster that has the service. */
export function ClusterStrip({ counts }: { counts: readonly EndpointCount[] }) {
  const say = useSay();
  return (
    <span className="cluster-strip">
      {counts.map(({ cluster, ready, total }) => {
        const status = ready === 0 ? (total === 0 ? 'idle' : 'failure') : ready < total ? 'degraded' : 'ok';
        return (
          <span key={cluster} className="tag" title={say('service.readyIn', { cluster, ready, total })}>
            <StatusShape status={status} size={8} />
            {cluster} {ready}/{total}
          </span>
        );
      })}
    </span>
  );
}
