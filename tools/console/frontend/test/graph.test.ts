import { describe, expect, it } from 'vitest';
import { matches, parse, Unreadable } from '../src/graph/find';
import { along, curveOf } from '../src/graph/path';
import { Particles, coveredBy, requestsPerDot, speedOf, type Current } from '../src/graph/particles';
import { kept, sceneOf } from '../src/graph/scene';
import { toneOf, widthOf } from '../src/graph/tone';
import { svgOf } from '../src/graph/svg';
import { sayIn } from '../src/i18n';
import { edgesAt, neighbour, pathsThrough } from '../src/topology/neighbours';
import type { Picture } from '../src/api/types';
import { bookinfo } from '../dev/fixtures/bookinfo.mjs';

const AT = '2026-11-20T10:05:30Z';
const lost = bookinfo({ lost: true, at: AT }) as Picture;
const whole = bookinfo({ lost: false, at: AT }) as Picture;
const edge = (picture: Picture, source: string, target: string) => {
  const found = picture.edges.find((each) => each.source.includes(source) && each.target.includes(target));
  if (!found) throw new Error(`${source} > ${target}`);
  return found;
};
const options = {
  lens: 'failover' as const,
  labels: { rate: true, share: true, errors: true, latency: false },
  ghosts: true,
  find: undefined,
  hide: undefined,
  selection: '',
  marked: new Set<string>(),
};

describe('curves', () => {
  it('begin and end at their points', () => {
    for (const points of [
      [
        { x: 0, y: 0 },
        { x: 100, y: 40 },
      ],
      [
        { x: 0, y: 0 },
        { x: 50, y: 80 },
        { x: 200, y: 0 },
      ],
      [
        { x: 0, y: 0 },
        { x: 50, y: 0 },
        { x: 50, y: 90 },
        { x: 120, y: 90 },
      ],
      [
        { x: 10, y: 0 },
        { x: 10, y: 90 },
      ],
    ]) {
      const curve = curveOf(points);
      expect(along(curve, 0)).toMatchObject(points[0]!);
      expect(along(curve, curve.length)).toMatchObject(points.at(-1)!);
    }
  });
  it('are nothing without two points', () => {
    expect(curveOf([{ x: 1, y: 1 }])).toMatchObject({ d: '', length: 0 });
  });
});

describe('particles', () => {
  const curve = curveOf([
    { x: 0, y: 0 },
    { x: 300, y: 0 },
  ]);
  const current = (rate: number, failed = 0): Current => ({
    id: `e${rate}`,
    curve,
    tone: 'ok',
    rate,
    failed,
    speed: 100,
    covered: [],
  });
  it('are as many as requests are on their way', () => {
    const dots = new Particles().advance([current(4)], 0, 1);
    expect(dots.length).toBeGreaterThanOrEqual(11);
    expect(dots.length).toBeLessThanOrEqual(13);
  });
  it('fail in proportion', () => {
    const particles = new Particles();
    let failed = 0;
    let all = 0;
    for (let i = 0; i < 200; i++) {
      for (const dot of particles.advance([current(10, 0.2)], 3, 1)) {
        all++;
        if (dot.failed) failed++;
      }
    }
    expect(failed / all).toBeCloseTo(0.2, 1);
  });
  it('stand for more requests where there are many', () => {
    expect(requestsPerDot([current(4)])).toBe(1);
    expect(requestsPerDot([current(60)])).toBe(5);
    expect(requestsPerDot([current(9000)])).toBe(1000);
  });
  it('are hidden behind cards', () => {
    const covered = coveredBy(curve, [{ x: 100, y: -10, width: 60, height: 20 }]);
    const places = covered.map((hidden, index) => (hidden ? index * 6 : -1)).filter((place) => place >= 0);
    expect(places[0]).toBeGreaterThan(100);
    expect(places.at(-1)).toBeLessThan(160);
    const dots = new Particles().advance([{ ...current(16), covered }], 0, 1);
    expect(dots.every((dot) => dot.x < 102 || dot.x > 156)).toBe(true);
  });
  it('travel slower where answers take long', () => {
    expect(speedOf(5)).toBe(150);
    expect(speedOf(200)).toBeLessThan(speedOf(50));
    expect(speedOf(60_000)).toBe(45);
  });
});

describe('lenses', () => {
  const bridge = edge(lost, 'productpage-cluster1', 'reviews-cluster2');
  it('colour what leaves its cluster', () => {
    expect(toneOf(bridge, 'failover', true)).toBe('cross');
    expect(toneOf(bridge, 'traffic', true)).toBe('degraded');
    expect(toneOf(bridge, 'security', true)).toBe('ok');
    expect(toneOf(edge(lost, 'productpage-cluster1', 'reviews-cluster1'), 'failover', false)).toBe('idle');
  });
  it('draw more requests wider, within bounds', () => {
    expect(widthOf({ ...bridge, rate: 1 })).toBeLessThan(widthOf({ ...bridge, rate: 100 }));
    expect(widthOf({ ...bridge, rate: 1e9 })).toBe(6);
  });
});

describe('scene', () => {
  it('has the bridge and the ghost', () => {
    const scene = sceneOf(lost, options);
    const bridge = scene.edges.find(
      (each) => each.data?.crossing && each.source.includes('productpage-cluster1'),
    );
    expect(bridge?.data?.tone).toBe('cross');
    expect(scene.nodes.some((node) => node.type === 'card' && node.data.node.ghost)).toBe(true);
    expect(scene.nodes.filter((node) => node.type === 'gateway')).toHaveLength(2);
  });
  it('hides ghosts with their edges', () => {
    const scene = sceneOf(lost, { ...options, ghosts: false });
    expect(scene.nodes.some((node) => node.type === 'card' && node.data.node.ghost)).toBe(false);
    expect(scene.edges.some((each) => each.data?.edge.ghost)).toBe(false);
  });
  it('counts what an expression hides', () => {
    const scene = sceneOf(whole, { ...options, hide: parse('name contains ratings') });
    expect(scene.hidden).toBe(4);
  });
  it('keeps what a sentence names beside the selected edge', () => {
    const bridge = edge(lost, 'productpage-cluster1', 'reviews-cluster2');
    const scene = sceneOf(lost, { ...options, selection: `e:${bridge.id}` });
    const emphasis = (id: string) =>
      scene.nodes.flatMap((node) => (node.type === 'card' && node.id === id ? [node.data.emphasis] : []))[0];
    expect(emphasis('cluster1/demo/reviews-cluster1')).toBe('plain');
    expect(emphasis('cluster2/demo/details-cluster2')).toBe('faded');
  });
  it('draws again only what changed', () => {
    const before = sceneOf(whole, options);
    const after = sceneOf(bookinfo({ lost: false, at: AT, wave: 1.1 }) as Picture, options);
    const same = kept(before.nodes, after.nodes);
    expect(same.find((node) => node.id === 'cluster2/demo/ratings-cluster2')).toBe(
      before.nodes.find((node) => node.id === 'cluster2/demo/ratings-cluster2'),
    );
    expect(same.find((node) => node.id === 'c:cluster1')).not.toBe(
      before.nodes.find((node) => node.id === 'c:cluster1'),
    );
  });
  it('is an SVG of its own', () => {
    const palette = new Proxy({}, { get: () => '#123456' }) as never;
    const svg = svgOf(lost, sceneOf(lost, options), palette, sayIn('zh'));
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    expect(parsed.querySelector('parsererror')).toBeNull();
    expect(svg).toContain('203.0.113.7:15443');
    expect(svg).not.toMatch(/<style|<script|href/);
  });
});

describe('expressions', () => {
  const node = lost.nodes.find((each) => each.ghost)!;
  const subject = { kind: 'node' as const, node };
  const bridge = { kind: 'edge' as const, edge: edge(lost, 'productpage-cluster1', 'reviews-cluster2') };
  it.each([
    ['reviews', true],
    ['ratings', false],
    ['ghost and cluster = cluster1', true],
    ['not ghost', false],
    ['ratings or ghost and cluster = cluster2', false],
    ['(ratings or ghost) and cluster = cluster1', true],
    ['name ^= rev and ns != kube-system', true],
    ['rate > 5', false],
  ])('of a node: %s', (text, expected) => {
    expect(matches(parse(text)!, subject)).toBe(expected);
  });
  it.each([
    ['rate > 5', true],
    ['rate > 5 and errors < 1%', true],
    ['protocol = http and gateway startswith 203', true],
    ['not cross', false],
    ['healthy', false],
    ['not healthy', false],
  ])('of an edge: %s', (text, expected) => {
    expect(matches(parse(text)!, bridge)).toBe(expected);
  });
  it('are nothing when empty', () => {
    expect(parse('  ')).toBeUndefined();
  });
  it.each([
    ['name =', ''],
    ['(reviews', ''],
    ['colour = red', 'colour'],
    ['and reviews', ''],
    ['reviews )', ')'],
  ])('say where they cannot be read: %s', (text) => {
    expect(() => parse(text)).toThrow(Unreadable);
  });
});

describe('neighbours', () => {
  it('are found in each direction', () => {
    const page = whole.nodes.find((node) => node.name === 'productpage-cluster1');
    expect(neighbour(whole.nodes, page, 'ArrowLeft')?.name).toBe('istio-ingressgateway');
    expect(neighbour(whole.nodes, page, 'ArrowRight')?.cluster).toBe('cluster1');
    expect(neighbour(whole.nodes, whole.nodes[0], 'ArrowLeft')).toBeUndefined();
  });
  it('have their edges, those that leave first', () => {
    expect(edgesAt(whole, 'cluster1/demo/productpage-cluster1')[0]).toMatch(
      /^e:cluster1\/demo\/productpage-cluster1>/,
    );
  });
  it('are isolated with all that reaches them', () => {
    const found = pathsThrough(lost, 'cluster2/demo/reviews-cluster2');
    expect(found.has('outside')).toBe(true);
    expect(found.has('cluster2/demo/details-cluster2')).toBe(false);
  });
});
