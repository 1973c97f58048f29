import { Network, Settings2 } from 'lucide-react';
import { useState } from 'react';
import { useClusters } from '../../api/queries';
import type { ClusterView, ConditionView, Status } from '../../api/types';
import { linkStatus } from '../../graph/Boxes';
import { useSay } from '../../i18n';
import { Empty, Failure, Loading } from '../../ui/states';
import { StatusShape, StatusText } from '../../ui/Status';
import { Table } from '../../ui/Table';
import { Page } from '../Page';
import { useInScope } from '../scope';
import { NetworkDialog } from './NetworkDialog';

export default function ClustersPage() {
  const say = useSay();
  const inScope = useInScope();
  const [dialog, setDialog] = useState(false);
  const clusters = useClusters();
  if (clusters.error && !clusters.data)
    return <Failure error={clusters.error} retry={() => void clusters.refetch()} />;
  if (!clusters.data) return <Loading />;
  const rows = clusters.data.filter((row) => inScope(row.id, ''));
  return (
    <Page
      title={say('page.clusters')}
      count={rows.length}
      actions={
        <button
          type="button"
          className="button primary"
          onClick={() => setDialog(true)}
          disabled={clusters.data.length === 0}
        >
          <Settings2 size={14} aria-hidden="true" />
          {say('network.dialog')}
        </button>
      }
    >
      {rows.length === 0 && (
        <Empty icon={Network} title={say('cluster.none')}>
          {say('cluster.noneHow')} <code>weft cluster add</code>
        </Empty>
      )}
      <NetworkMap clusters={rows} />
      {rows.length > 0 && <ClusterTable rows={rows} />}
      {dialog && <NetworkDialog clusters={clusters.data} onClose={() => setDialog(false)} />}
    </Page>
  );
}

function NetworkMap({ clusters }: { clusters: readonly ClusterView[] }) {
  const say = useSay();
  const networks = [...new Set(clusters.map((cluster) => cluster.network))].sort();
  return (
    <div className="networks">
      {networks.map((network) => (
        <section key={network} className="network-box" aria-label={network || say('network.unnamed')}>
          <header>
            <Network size={15} aria-hidden="true" />
            {network || say('network.unnamed')}
          </header>
          {clusters
            .filter((cluster) => cluster.network === network)
            .map((cluster) => (
              <ClusterCard key={cluster.id} cluster={cluster} />
            ))}
        </section>
      ))}
    </div>
  );
}

function ClusterCard({ cluster }: { cluster: ClusterView }) {
  const say = useSay();
  const { crossClusterProxy: proxy, proxies } = cluster;
  return (
    <article className="cluster-card" data-testid={`cluster-card:${cluster.id}`}>
      <header>
        <StatusShape status={linkStatus(cluster.state)} />
        <strong>{cluster.id}</strong>
        <span className="dim">{say.code(`cluster.state.${cluster.state}`)}</span>
        <span className="grow" />
        <span className="dim">{[cluster.region, ...cluster.zones].filter(Boolean).join(' · ')}</span>
      </header>
      {cluster.message && <p className="tone-degraded break">{cluster.message}</p>}
      <dl className="facts">
        <div>
          <dt>{say('network.proxy')}</dt>
          <dd>
            {proxy.enabled ? (
              <StatusText
                status={
                  proxy.readyReplicas === 0 ? 'failure' : proxy.addresses.length === 0 ? 'degraded' : 'ok'
                }
              >
                <span className="mono">{proxy.addresses.join(', ') || say('graph.noAddress')}</span>
              </StatusText>
            ) : (
              <span className="dim">{say('network.off')}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>{say('cluster.proxies')}</dt>
          <dd>{say('cluster.syncedOf', { synced: proxies.synced, connected: proxies.connected })}</dd>
        </div>
        <div>
          <dt>{say('page.services')}</dt>
          <dd>{say.count(cluster.services)}</dd>
        </div>
        <div>
          <dt>{say('page.workloads')}</dt>
          <dd>{say.count(cluster.workloads)}</dd>
        </div>
      </dl>
      {cluster.conditions.length > 0 && <Conditions conditions={cluster.conditions} />}
    </article>
  );
}

function conditionStatus(condition: ConditionView): Status {
  return condition.status === 'True' ? 'ok' : condition.status === 'False' ? 'failure' : 'idle';
}

/** The steps of a connection in their order, so that the one that fails is seen. */
function Conditions({ conditions }: { conditions: readonly ConditionView[] }) {
  const say = useSay();
  return (
    <ol className="timeline" aria-label={say('cluster.steps')}>
      {conditions.map((condition) => (
        <li key={condition.type}>
          <StatusShape status={conditionStatus(condition)} />
          <span>{condition.type}</span>
          <span className="dim break">{condition.message || condition.reason}</span>
          <time className="dim nowrap" dateTime={condition.since}>
            {condition.since ? say.relative(condition.since, Date.now()) : ''}
          </time>
        </li>
      ))}
    </ol>
  );
}

function ClusterTable({ rows }: { rows: readonly ClusterView[] }) {
  const say = useSay();
  return (
    <Table<ClusterView>
      caption={say('page.clusters')}
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        {
          id: 'id',
          title: say('column.cluster'),
          by: (row) => row.id,
          cell: (row) => <StatusText status={linkStatus(row.state)}>{row.id}</StatusText>,
        },
        {
          id: 'network',
          title: say('network.logical'),
          by: (row) => row.network,
          cell: (row) => row.network || '–',
        },
        {
          id: 'proxy',
          title: say('network.proxy'),
          by: (row) => Number(row.crossClusterProxy.enabled),
          cell: (row) => (row.crossClusterProxy.enabled ? row.crossClusterProxy.gateway : say('network.off')),
        },
        {
          id: 'server',
          title: say('cluster.server'),
          by: (row) => row.server,
          cell: (row) => <span className="mono break">{row.server}</span>,
        },
        {
          id: 'secret',
          title: say('cluster.secret'),
          cell: (row) => <span className="mono">{row.secret || '–'}</span>,
        },
        {
          id: 'version',
          title: say('column.version'),
          by: (row) => row.version,
          cell: (row) => row.version || '–',
        },
        {
          id: 'endpoints',
          title: say('column.endpoints'),
          numeric: true,
          by: (row) => row.endpoints,
          cell: (row) => say.count(row.endpoints),
        },
      ]}
    />
  );
}
