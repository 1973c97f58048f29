import { useStore, type ReactFlowState } from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import type { Bounds, Point } from '../api/types';
import { usePalette, type Palette } from './palette';
import { along } from './path';
import { coveredBy, Particles, requestsPerDot, speedOf, type Current, type Dot } from './particles';
import type { Scene } from './scene';
import type { Tone } from './tone';

const FRAME_MILLIS = 1000 / 30;
const DEAR_MILLIS = 20;
const DEAR_FRAMES = 20;
const CHEVRON_SPACING = 56;
/** Below this zoom a dot is smaller than a pixel is worth. */
const FAR = 0.22;

const transformOf = (state: ReactFlowState) => state.transform;
const widthOf = (state: ReactFlowState) => state.width;
const heightOf = (state: ReactFlowState) => state.height;

export interface FrameCost {
  /** Milliseconds that drawing took, averaged over about a second. */
  millis: number;
  chevrons: boolean;
}

interface Props {
  scene: Pick<Scene, 'nodes' | 'edges'>;
  playing: boolean;
  /** Draws one frame of a fixed time, for tests. */
  frozen: boolean;
  cost: FrameCost;
}

export function currentsOf({ nodes, edges }: Pick<Scene, 'nodes' | 'edges'>): Current[] {
  const cards = nodes.flatMap((node) => (node.type === 'card' ? [node.data.node.bounds] : []));
  return edges.flatMap((edge) => {
    if (!edge.data || edge.data.edge.ghost || edge.data.emphasis === 'faded') return [];
    const { edge: facts, curve, tone, label } = edge.data;
    const rate =
      facts.protocol === 'TCP'
        ? Math.max(facts.rate, (facts.sentBytes + facts.receivedBytes) / 1024)
        : facts.rate;
    if (rate <= 0) return [];
    const failed = facts.rate > 0 ? facts.failed / facts.rate : 0;
    return [
      {
        id: edge.id,
        curve,
        tone,
        rate,
        failed,
        speed: speedOf(facts.meanMillis),
        covered: coveredBy(curve, [...cards, labelBounds(label, facts.path === 'GATEWAY')]),
      },
    ];
  });
}

/** About what a label takes, so that no dot runs through its letters. */
function labelBounds(label: Point, wide: boolean): Bounds {
  const [width, height] = wide ? [170, 48] : [66, 34];
  return { x: label.x - width / 2, y: label.y - height / 2, width, height };
}

/** The one canvas above the graph: requests on their way, as many as there are. */
export function ParticleLayer({ scene, playing, frozen, cost }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const particles = useRef(new Particles());
  const palette = usePalette();
  const [x, y, zoom] = useStore(transformOf);
  const width = useStore(widthOf);
  const height = useStore(heightOf);
  const currents = useMemo(() => currentsOf(scene), [scene]);
  const view = useRef({ x, y, zoom });
  view.current = { x, y, zoom };

  useEffect(() => {
    particles.current.keep(new Set(currents.map((current) => current.id)));
  }, [currents]);

  useEffect(() => {
    const surface = canvas.current;
    const pen = surface?.getContext('2d');
    if (!surface || !pen || width === 0 || height === 0) return undefined;
    const ratio = Math.min(2, devicePixelRatio);
    surface.width = Math.round(width * ratio);
    surface.height = Math.round(height * ratio);
    const perDot = requestsPerDot(currents);
    const draw = (seconds: number) => {
      const begun = performance.now();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, surface.width, surface.height);
      const { x: left, y: top, zoom: scale } = view.current;
      pen.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio);
      if (cost.chevrons) drawChevrons(pen, currents, palette);
      else if (scale >= FAR)
        drawDots(pen, particles.current.advance(currents, seconds, perDot), palette, scale);
      return performance.now() - begun;
    };
    if (!playing || frozen || cost.chevrons) {
      draw(0);
      return undefined;
    }
    return animate(draw, cost);
  }, [currents, palette, playing, frozen, width, height, cost]);

  // A picture that stands still is drawn again when it is moved.
  useEffect(() => {
    if (playing && !frozen && !cost.chevrons) return;
    const surface = canvas.current;
    const pen = surface?.getContext('2d');
    if (!surface || !pen) return;
    const ratio = Math.min(2, devicePixelRatio);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, surface.width, surface.height);
    pen.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
    if (cost.chevrons) drawChevrons(pen, currents, palette);
    else drawDots(pen, particles.current.advance(currents, 0, requestsPerDot(currents)), palette, zoom);
  }, [x, y, zoom, playing, frozen, currents, palette, cost]);

  return <canvas ref={canvas} className="particles" aria-hidden="true" style={{ width, height }} />;
}

/** Thirty frames a second while the page is seen; stops for good when they turn out too dear for this machine. */
function animate(draw: (seconds: number) => number, cost: FrameCost): () => void {
  let request = 0;
  let last = performance.now();
  let dear = 0;
  const frame = (now: number) => {
    const passed = now - last;
    if (passed >= FRAME_MILLIS - 2 && !document.hidden) {
      last = now;
      const millis = draw(Math.min(0.1, passed / 1000));
      cost.millis += (millis - cost.millis) * 0.05;
      dear = millis > DEAR_MILLIS ? dear + 1 : 0;
      if (dear >= DEAR_FRAMES) {
        cost.chevrons = true;
        draw(0);
        return;
      }
    }
    request = requestAnimationFrame(frame);
  };
  request = requestAnimationFrame(frame);
  return () => cancelAnimationFrame(request);
}

function inkOf(tone: Tone, palette: Palette): string {
  return tone === 'muted' ? palette['text-2'] : palette[tone];
}

function drawDots(pen: CanvasRenderingContext2D, dots: readonly Dot[], palette: Palette, zoom: number): void {
  const radius = Math.max(2.4, 1.6 / zoom);
  const groups = new Map<string, Dot[]>();
  for (const dot of dots) {
    const key = dot.failed ? 'failed' : dot.tone;
    const group = groups.get(key);
    if (group) group.push(dot);
    else groups.set(key, [dot]);
  }
  for (const [key, group] of groups) {
    pen.fillStyle = key === 'failed' ? palette.failure : inkOf(key as Tone, palette);
    pen.strokeStyle = palette.canvas;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const dot of group) shape(pen, dot, radius, key === 'failed');
    pen.fill();
    pen.stroke();
  }
}

/** Failed requests are diamonds, so that they are told apart without their colour. */
function shape(pen: CanvasRenderingContext2D, dot: Dot, radius: number, failed: boolean): void {
  if (failed) {
    const r = radius * 1.7;
    pen.moveTo(dot.x, dot.y - r);
    pen.lineTo(dot.x + r, dot.y);
    pen.lineTo(dot.x, dot.y + r);
    pen.lineTo(dot.x - r, dot.y);
    pen.closePath();
    return;
  }
  pen.moveTo(dot.x + radius, dot.y);
  pen.arc(dot.x, dot.y, radius, 0, 2 * Math.PI);
}

function drawChevrons(pen: CanvasRenderingContext2D, currents: readonly Current[], palette: Palette): void {
  pen.lineWidth = 2;
  for (const { curve, tone } of currents) {
    pen.strokeStyle = inkOf(tone, palette);
    pen.beginPath();
    for (let at = CHEVRON_SPACING / 2; at < curve.length; at += CHEVRON_SPACING) {
      const { x, y, angle } = along(curve, at);
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      pen.moveTo(x - 4 * c + 4 * s, y - 4 * s - 4 * c);
      pen.lineTo(x + 2 * c, y + 2 * s);
      pen.lineTo(x - 4 * c - 4 * s, y - 4 * s + 4 * c);
    }
    pen.stroke();
  }
}
