import { Workflow } from 'lucide-react';
import { Link, useParams } from 'wouter';
import { useService } from '../../api/queries';
import type { EndpointRow, ServiceDetail } from '../../api/types';
import { useSay } from '../../i18n';
import { Findings } from '../../ui/Findings';
import { ServiceRules } from '../../ui/ServiceRules';
import { Failure, Loading } from '../../ui/states';
import { StatusText } from '../../ui/Status';
import { Table } from '../../ui/Table';
import { pageOf, useHref } from '../../view';
import { Page } from '../Page';
import { EdgesTable } from '../EdgesTable';
import { ErrorShare } from '../../ui/ErrorShare';
import { ClusterStrip } from './ServicesPage';

export default function ServicePage() {
  const say = useSay();
  const href = useHref();
  const { namespace = '', name = '' } = useParams<{ namespace: string; name: string }>();
  const detail = useService(namespace, name);
  if (detail.error && !detail.data)
    return <Failure error={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Loading />;
  const { service } = detail.data;
  return (
    <Page
      title={name}
      back={{ path: '/services', title: say('page.services') }}
      badges={
        <>
          <span className="tag">{namespace}</span>
          <ClusterStrip counts={service.clusters} />
        </>
      }
      actions={
        <Link className="button" href={href('/topology', { find: `service ^= ${name}.${namespace}` })}>
          <Workflow size={14} aria-hidden="true" />
          {say('action.onTopology')}
        </Link>
      }
    >
      <Tiles detail={detail.data} />
      <Findings findings={detail.data.findings} />
      <Endpoints rows={detail.data.endpoints} />
      <div className="columns">
        <Rules detail={detail.data} />
        <Addresses detail={detail.data} />
      </div>
      <section className="stack">
        <h2>{say('service.callers')}</h2>
        <EdgesTable caption={say('service.callers')} edges={detail.data.callers} end="source" />
      </section>
    </Page>
  );
}

function Tiles({ detail: { service } }: { detail: ServiceDetail }) {
  const say = useSay();
  return (
    <div className="tiles">
      <div className="tile">
        <span>{say('column.rate')}</span>
        <strong>{say('unit.perSecond', { rate: say.rate(service.rate) })}</strong>
      </div>
      <div className="tile">
        <span>{say('column.errors')}</span>
        <strong>
          <ErrorShare share={service.rate > 0 ? service.failed / service.rate : 0} />
        </strong>
      </div>
      <div className="tile">
        <span>{say('latency.mean')}</span>
        <strong>{service.rate > 0 ? say.millis(service.meanMillis) : '–'}</strong>
      </div>
      <div className="tile">
        <span>{say('column.mtls')}</span>
        <strong>{service.rate > 0 ? say.percent(service.mutualTls) : '–'}</strong>
      </div>
    </div>
  );
}

function Endpoints({ rows }: { rows: readonly EndpointRow[] }) {
  const say = useSay();
  const href = useHref();
  return (
    <section className="stack">
      <h2>{say('column.endpoints')}</h2>
      <Table<EndpointRow>
        caption={say('column.endpoints')}
        rows={rows}
        keyOf={(row) => `${row.cluster} ${row.address}:${row.port}`}
        empty={<p className="dim">{say('service.noEndpoints')}</p>}
        columns={[
          {
            id: 'cluster',
            title: say('column.cluster'),
            by: (row) => row.cluster,
            cell: (row) => row.cluster,
          },
          {
            id: 'network',
            title: say('column.network'),
            by: (row) => row.network,
            cell: (row) => row.network || '–',
          },
          {
            id: 'locality',
            title: say('column.locality'),
            by: (row) => row.locality,
            cell: (row) => row.locality || '–',
          },
          {
            id: 'ready',
            title: say('column.status'),
            by: (row) => Number(row.ready),
            cell: (row) => (
              <StatusText status={row.ready ? 'ok' : 'notReady'}>
                {say(row.ready ? 'endpoint.ready' : 'endpoint.notReady')}
              </StatusText>
            ),
          },
          {
            id: 'address',
            title: say('column.address'),
            by: (row) => row.address,
            cell: (row) => <span className="mono">{`${row.address}:${row.port}`}</span>,
          },
          {
            id: 'workload',
            title: say('column.workload'),
            by: (row) => row.workload,
            cell: (row) => <WorkloadLink row={row} href={href} />,
          },
          {
            id: 'version',
            title: say('column.version'),
            by: (row) => row.version,
            cell: (row) => row.version || '–',
          },
          { id: 'pod', title: say('column.pod'), by: (row) => row.pod, cell: (row) => row.pod },
        ]}
      />
    </section>
  );
}

function WorkloadLink({ row, href }: { row: EndpointRow; href: (page: string) => string }) {
  const { namespace = '' } = useParams<{ namespace: string }>();
  if (!row.workload) return <>–</>;
  return <Link href={href(pageOf('workloads', row.cluster, namespace, row.workload))}>{row.workload}</Link>;
}

function Rules({ detail }: { detail: ServiceDetail }) {
  const say = useSay();
  return (
    <section className="card-panel">
      <h2>{say('panel.rules')}</h2>
      <ServiceRules rules={detail.rules} subsets={detail.subsets} />
    </section>
  );
}

function Addresses({ detail }: { detail: ServiceDetail }) {
  const say = useSay();
  return (
    <section className="card-panel">
      <h2>{say('service.addresses')}</h2>
      <dl className="facts">
        <div>
          <dt>{say('service.host')}</dt>
          <dd className="mono">{detail.service.host}</dd>
        </div>
        {detail.meshAddress && (
          <div>
            <dt>{say('service.meshAddress')}</dt>
            <dd className="mono">{detail.meshAddress}</dd>
          </div>
        )}
        {Object.entries(detail.virtualAddresses).map(([cluster, addresses]) => (
          <div key={cluster}>
            <dt>{cluster}</dt>
            <dd className="mono">{addresses.join(', ') || '–'}</dd>
          </div>
        ))}
        <div>
          <dt>{say('column.ports')}</dt>
          <dd>
            {detail.service.ports.map((port) => `${port.number} ${port.name} ${port.protocol}`).join(', ')}
          </dd>
        </div>
      </dl>
    </section>
  );
}
