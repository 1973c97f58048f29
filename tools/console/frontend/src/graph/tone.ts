import type { PictureEdge, PictureNode, Status } from '../api/types';

export type Lens = 'traffic' | 'failover' | 'latency' | 'security' | 'config';
export const LENSES: readonly Lens[] = ['traffic', 'failover', 'latency', 'security', 'config'];

/** What an edge's colour says; each has its own dash, width or label besides. */
export type Tone = 'ok' | 'degraded' | 'failure' | 'idle' | 'tcp' | 'cross' | 'muted';

const SLOW_MILLIS = 100;
const VERY_SLOW_MILLIS = 500;

export type Ends = Pick<PictureNode, 'cluster'> | undefined;

export function crosses(source: Ends, target: Ends): boolean {
  return !!source?.cluster && !!target?.cluster && source.cluster !== target.cluster;
}

export function latencyOf(edge: PictureEdge): number {
  return edge.p95Millis ?? edge.meanMillis;
}

export function toneOf(edge: PictureEdge, lens: Lens, crossing: boolean): Tone {
  if (edge.ghost || edge.rate <= 0) return 'idle';
  switch (lens) {
    case 'traffic':
      return health(edge);
    case 'failover':
      if (edge.status === 'failure') return 'failure';
      return crossing ? 'cross' : edge.status === 'degraded' ? 'degraded' : 'muted';
    case 'latency':
      return latencyOf(edge) >= VERY_SLOW_MILLIS
        ? 'failure'
        : latencyOf(edge) >= SLOW_MILLIS
          ? 'degraded'
          : 'ok';
    case 'security':
      return edge.mutualTls >= 1 ? 'ok' : edge.mutualTls > 0 ? 'degraded' : 'failure';
    case 'config':
      return 'muted';
  }
}

function health(edge: PictureEdge): Tone {
  if (edge.status !== 'ok') return edge.status === 'notReady' ? 'idle' : edge.status;
  return edge.protocol === 'TCP' ? 'tcp' : 'ok';
}

/** Pixels: 1.25 for a trickle, 6 for a thousand a second and more. */
export function widthOf(edge: PictureEdge): number {
  if (edge.ghost || edge.rate <= 0) return 1.25;
  return Math.min(6, 1.5 + 1.5 * Math.log10(1 + edge.rate));
}

export function worse(a: Status, b: Status): Status {
  const order: Status[] = ['ok', 'idle', 'notReady', 'degraded', 'failure'];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
