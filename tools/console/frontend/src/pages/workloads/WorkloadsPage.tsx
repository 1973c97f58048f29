import { Boxes } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useWorkloads } from '../../api/queries';
import type { Status, WorkloadRow } from '../../api/types';
import { useSay } from '../../i18n';
import { FilterInput, passes } from '../../ui/FilterInput';
import { Empty, Failure, Loading } from '../../ui/states';
import { StatusText } from '../../ui/Status';
import { Table } from '../../ui/Table';
import { pageOf, useHref } from '../../view';
import { Page } from '../Page';
import { useInScope } from '../scope';
import { ErrorShare } from '../../ui/ErrorShare';

export function readiness(row: Pick<WorkloadRow, 'pods' | 'ready'>): Status {
  if (row.pods === 0) return 'notReady';
  return row.ready === 0 ? 'failure' : row.ready < row.pods ? 'degraded' : 'ok';
}

export default function WorkloadsPage() {
  const say = useSay();
  const href = useHref();
  const inScope = useInScope();
  const [filter, setFilter] = useState('');
  const workloads = useWorkloads();
  if (workloads.error && !workloads.data)
    return <Failure error={workloads.error} retry={() => void workloads.refetch()} />;
  if (!workloads.data) return <Loading />;
  const rows = workloads.data.filter(
    (row) =>
      inScope(row.cluster, row.namespace) &&
      passes(`${row.cluster} ${row.namespace} ${row.name} ${row.app}`, filter),
  );
  return (
    <Page
      title={say('page.workloads')}
      count={rows.length}
      actions={<FilterInput value={filter} onChange={setFilter} />}
    >
      <Table<WorkloadRow>
        caption={say('page.workloads')}
        rows={rows}
        keyOf={(row) => `${row.cluster}/${row.namespace}/${row.name}`}
        empty={<Empty icon={Boxes} title={say('workload.none')} />}
        columns={[
          {
            id: 'name',
            title: say('column.workload'),
            by: (row) => row.name,
            cell: (row) => (
              <Link href={href(pageOf('workloads', row.cluster, row.namespace, row.name))}>{row.name}</Link>
            ),
          },
          {
            id: 'cluster',
            title: say('column.cluster'),
            by: (row) => row.cluster,
            cell: (row) => row.cluster,
          },
          {
            id: 'namespace',
            title: say('column.namespace'),
            by: (row) => row.namespace,
            cell: (row) => row.namespace,
          },
          {
            id: 'app',
            title: say('column.app'),
            by: (row) => row.app,
            cell: (row) => [row.app, row.version].filter(Boolean).join(' · ') || '–',
          },
          {
            id: 'ready',
            title: say('column.ready'),
            by: (row) => row.ready,
            cell: (row) => (
              <StatusText status={readiness(row)}>
                {row.ready}/{row.pods}
              </StatusText>
            ),
          },
          {
            id: 'injected',
            title: say('column.injected'),
            by: (row) => row.injected,
            cell: (row) => <Injected row={row} />,
          },
          {
            id: 'in',
            title: say('column.rateIn'),
            numeric: true,
            by: (row) => row.rateIn,
            cell: (row) => say.rate(row.rateIn),
          },
          {
            id: 'out',
            title: say('column.rateOut'),
            numeric: true,
            by: (row) => row.rateOut,
            cell: (row) => say.rate(row.rateOut),
          },
          {
            id: 'errors',
            title: say('column.errors'),
            numeric: true,
            by: (row) => row.failed,
            cell: (row) => <ErrorShare share={row.rateIn > 0 ? Math.min(1, row.failed / row.rateIn) : 0} />,
          },
        ]}
      />
    </Page>
  );
}

function Injected({ row }: { row: WorkloadRow }) {
  const say = useSay();
  if (row.pods === 0) return <span className="dim">–</span>;
  if (row.injected === row.pods) return <span className="tag ok">{say('workload.inMesh')}</span>;
  return (
    <span className="tag warn">{say('workload.injectedOf', { injected: row.injected, pods: row.pods })}</span>
  );
}
