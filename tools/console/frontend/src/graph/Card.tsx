import { Clock, Globe, LogIn, Route, ShieldOff, Box, Boxes, Hexagon, TriangleAlert, Zap } from 'lucide-react';
import { memo } from 'react';
import { Handle, Position, type NodeProps } from '@xyflow/react';
import type { Mark, PictureNode } from '../api/types';
import { useSay, type Say } from '../i18n';
import { StatusShape } from '../ui/Status';
import { useGraphActions } from './actions';
import type { CardNode } from './scene';

const MARK_ICONS: Record<Mark, typeof Route> = {
  routing: Route,
  breaker: Zap,
  noSidecar: ShieldOff,
  stale: Clock,
  finding: TriangleAlert,
};
const MOST_MARKS = 3;

export function testIdOf(node: PictureNode): string {
  return node.kind === 'workload' || node.kind === 'gateway' ? `wl:${node.id}` : `node:${node.id}`;
}

/** What a card shows by shapes, icons and its place, for those who hear it. */
function unseen(node: PictureNode, say: Say): string {
  const parts = [
    say.code(`node.kind.${node.kind}`),
    node.cluster && say('graph.inCluster', { cluster: node.cluster }),
    !node.ghost && say.code(`status.${node.status}`),
    ...node.marks.map((mark) => say.code(`mark.${mark}`)),
  ];
  return parts.filter(Boolean).join(', ');
}

export function nameOf(node: PictureNode, say: Say): string {
  return node.kind === 'outside' ? say('graph.outside') : node.name;
}

export const Card = memo(function Card({ data }: NodeProps<CardNode>) {
  const say = useSay();
  const { select, open, roving } = useGraphActions();
  const { node, selected, emphasis, lens } = data;
  const quiet = lens === 'config' && node.marks.length === 0;
  const className = `card kind-${node.kind} is-${node.status} ${emphasis}${node.ghost ? ' ghost' : ''}${quiet ? ' quiet' : ''}`;
  return (
    <div
      className={className}
      role="button"
      data-testid={testIdOf(node)}
      data-node={node.id}
      data-status={node.status}
      aria-pressed={selected}
      tabIndex={roving === node.id ? 0 : -1}
      onClick={() => select(`n:${node.id}`)}
      onDoubleClick={() => open(node)}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <div className="card-name">
        <StatusShape status={node.ghost ? 'notReady' : node.status} />
        <KindIcon node={node} />
        <span title={nameOf(node, say)}>{nameOf(node, say)}</span>
      </div>
      <div className="card-facts">
        {node.version && <span className="card-version">{node.version}</span>}
        {(node.pods > 0 || node.ghost) && (
          <span className={node.ready < node.pods || node.ghost ? 'card-replicas short' : 'card-replicas'}>
            {node.ready}/{node.pods}
          </span>
        )}
        {node.ghost && <span className="card-ghost">{say('graph.ghost')}</span>}
        <span className="grow" />
        {node.marks.slice(0, MOST_MARKS).map((mark) => {
          const Icon = MARK_ICONS[mark];
          return <Icon key={mark} size={12} className={`mark mark-${mark}`} aria-hidden="true" />;
        })}
      </div>
      <span className="hidden">{unseen(node, say)}</span>
    </div>
  );
});

function KindIcon({ node }: { node: PictureNode }) {
  const Icon = {
    workload: undefined,
    service: Hexagon,
    gateway: LogIn,
    outside: Globe,
    namespace: Box,
    cluster: Boxes,
  }[node.kind];
  return Icon ? <Icon size={13} className="card-kind" aria-hidden="true" /> : null;
}
