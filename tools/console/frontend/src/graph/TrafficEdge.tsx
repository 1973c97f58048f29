import { EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { ArrowLeftRight, Lock, LockKeyholeOpen, LockOpen } from 'lucide-react';
import { memo } from 'react';
import type { PictureEdge } from '../api/types';
import { useSay, type Say } from '../i18n';
import { useGraphActions } from './actions';
import type { EdgeContent, SceneEdge } from './scene';
import { latencyOf } from './tone';

/** An edge's line: double when it goes through a gateway, dashed for TCP, dotted where only a ghost remembers it. */
export const TrafficEdge = memo(function TrafficEdge({ id, data }: EdgeProps<SceneEdge>) {
  const say = useSay();
  const { select } = useGraphActions();
  if (!data) return null;
  const { edge, curve, tone, width, selected, emphasis } = data;
  const gateway = edge.path === 'GATEWAY';
  const className = `traffic tone-${tone} ${emphasis}${edge.ghost ? ' ghost' : ''}${edge.protocol === 'TCP' ? ' tcp' : ''}`;
  return (
    <g className={className} data-edge={id} data-testid={`edge:${id}`}>
      {selected && <path d={curve.d} className="traffic-halo" strokeWidth={width + 10} />}
      <path
        d={curve.d}
        className="traffic-line"
        strokeWidth={gateway ? width + 4 : width}
        markerEnd={`url(#arrow-${tone})`}
      />
      {gateway && <path d={curve.d} className="traffic-core" strokeWidth={width + 1} />}
      <path d={curve.d} className="traffic-hit" strokeWidth={18} onClick={() => select(`e:${id}`)} />
      <EdgeLabelRenderer>
        <EdgeLabel id={id} data={data} say={say} />
      </EdgeLabelRenderer>
    </g>
  );
});

/** For the mouse: the keyboard walks edges with brackets, and the table of edges says the same. */
function EdgeLabel({ id, data, say }: { id: string; data: EdgeContent; say: Say }) {
  const { select } = useGraphActions();
  const { edge, label, emphasis, tone, selected } = data;
  const lines = labelLines(data, say);
  const gateway = edge.path === 'GATEWAY' && !edge.ghost && edge.rate > 0;
  const lock = data.lens === 'security' && edge.rate > 0;
  if (lines.length === 0 && !gateway && !lock) return null;
  return (
    <button
      type="button"
      className={`edge-label tone-${tone} ${emphasis}${selected ? ' selected' : ''} nopan`}
      style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
      tabIndex={-1}
      aria-hidden="true"
      title={edgeText(edge, say)}
      onClick={() => select(`e:${id}`)}
    >
      {lock && <LockIcon edge={edge} />}
      <span className={gateway ? 'edge-line' : 'edge-lines'}>
        {lines.map((line) => (
          <span key={line.key} className={line.key === 'errors' ? 'tone-failure' : undefined}>
            {line.text}
          </span>
        ))}
      </span>
      {gateway && (
        <span className="edge-gateway">
          <ArrowLeftRight size={10} aria-hidden="true" />
          {edge.gateway}
        </span>
      )}
    </button>
  );
}

export function LockIcon({ edge }: { edge: PictureEdge }) {
  const Icon = edge.mutualTls >= 1 ? Lock : edge.mutualTls > 0 ? LockKeyholeOpen : LockOpen;
  return <Icon size={12} aria-hidden="true" />;
}

export function labelLines(
  { edge, labels, crossing, lens }: EdgeContent,
  say: Say,
): { key: string; text: string }[] {
  if (edge.ghost || edge.rate <= 0) return [];
  const lines: { key: string; text: string }[] = [];
  if (labels.share && (edge.share < 1 || crossing))
    lines.push({ key: 'share', text: say.percent(edge.share) });
  if (labels.rate) lines.push({ key: 'rate', text: say('unit.perSecond', { rate: say.rate(edge.rate) }) });
  if (labels.errors && edge.failed > 0) {
    lines.push({
      key: 'errors',
      text: say('graph.errorShare', { share: say.percent(edge.failed / edge.rate) }),
    });
  }
  if (labels.latency || lens === 'latency') lines.push({ key: 'latency', text: say.millis(latencyOf(edge)) });
  // All and nothing are said by the lock.
  if (lens === 'security' && edge.mutualTls > 0 && edge.mutualTls < 1) {
    lines.push({ key: 'mtls', text: say('graph.mtlsShare', { share: say.percent(edge.mutualTls) }) });
  }
  return lines;
}

export function edgeText(edge: PictureEdge, say: Say): string {
  return say('graph.edgeText', {
    source: edge.source,
    target: edge.target,
    rate: say.rate(edge.rate),
    share: say.percent(edge.share),
    failed: say.percent(edge.rate > 0 ? edge.failed / edge.rate : 0),
    path: say.code(`path.${edge.path}`),
  });
}
