import type { NodeProps } from '@xyflow/react';
import { ArrowLeftRight, Network } from 'lucide-react';
import { memo } from 'react';
import type { ClusterState, Status } from '../api/types';
import { useSay } from '../i18n';
import { StatusShape } from '../ui/Status';
import { useGraphActions } from './actions';
import type { ClusterNode, GatewayNode, NamespaceNode } from './scene';

const LINK: Record<ClusterState, Status> = {
  synced: 'ok',
  syncing: 'idle',
  lost: 'failure',
  'last-known': 'degraded',
  rejected: 'failure',
  unregistered: 'notReady',
};

export function linkStatus(state: ClusterState): Status {
  return LINK[state];
}

export const ClusterFrame = memo(function ClusterFrame({ data }: NodeProps<ClusterNode>) {
  const say = useSay();
  const { select } = useGraphActions();
  const { box, selected, empty } = data;
  return (
    <section
      className={`cluster-frame state-${box.state}`}
      data-testid={`cluster:${box.id}`}
      aria-label={box.id}
    >
      <header>
        <button
          type="button"
          className="cluster-head nopan"
          aria-pressed={selected}
          onClick={() => select(`c:${box.id}`)}
        >
          <StatusShape status={linkStatus(box.state)} />
          <strong>{box.id}</strong>
          <span className="cluster-state">{say.code(`cluster.state.${box.state}`)}</span>
          {box.network && (
            <span className="cluster-network">
              <Network size={12} aria-hidden="true" />
              {box.network}
            </span>
          )}
          {(box.zones.length > 0 || box.region) && (
            <span className="dim">{box.zones.join(' · ') || box.region}</span>
          )}
        </button>
        <span className="cluster-rates">
          {box.rateIn > 0 && <span>{say('graph.rateIn', { rate: say.rate(box.rateIn) })}</span>}
          {box.rateOut > 0 && <span>{say('graph.rateOut', { rate: say.rate(box.rateOut) })}</span>}
        </span>
      </header>
      {empty && <p className="cluster-empty">{say('cluster.empty')}</p>}
    </section>
  );
});

export const NamespaceFrame = memo(function NamespaceFrame({ data }: NodeProps<NamespaceNode>) {
  return (
    <section className="namespace-frame" aria-label={data.box.id}>
      <span>{data.box.namespace}</span>
    </section>
  );
});

export const GatewayChip = memo(function GatewayChip({ data }: NodeProps<GatewayNode>) {
  const say = useSay();
  const { select } = useGraphActions();
  const { chip, cluster } = data;
  const status: Status = chip.ready === 0 ? 'failure' : chip.addresses.length === 0 ? 'degraded' : 'ok';
  const text = say('graph.gatewayChip', {
    name: chip.name,
    address: chip.addresses.join(', ') || say('graph.noAddress'),
    ready: chip.ready,
    pods: chip.pods,
  });
  return (
    <button
      type="button"
      className={`gateway-chip is-${status} nopan`}
      data-testid={`gateway:${cluster}/${chip.name}`}
      aria-label={text}
      title={text}
      onClick={() => select(`c:${cluster}`)}
    >
      <ArrowLeftRight size={14} aria-hidden="true" />
      {status !== 'ok' && <StatusShape status={status} size={8} />}
    </button>
  );
});
