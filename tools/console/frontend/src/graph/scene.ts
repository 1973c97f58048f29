import type { Edge, Node } from '@xyflow/react';
import type {
  Bounds,
  ClusterBox,
  GatewayChip,
  NamespaceBox,
  Picture,
  PictureEdge,
  PictureNode,
  Point,
  Sentence,
} from '../api/types';
import { matches, type Expression } from './find';
import { along, curveOf, type Curve } from './path';
import { crosses, toneOf, widthOf, type Lens, type Tone } from './tone';

export interface Labels {
  rate: boolean;
  share: boolean;
  errors: boolean;
  latency: boolean;
}

export interface SceneOptions {
  lens: Lens;
  labels: Labels;
  ghosts: boolean;
  find: Expression | undefined;
  hide: Expression | undefined;
  selection: string;
  /** Ids of what the pointer or a sentence points at. */
  marked: ReadonlySet<string>;
}

export type Emphasis = 'plain' | 'found' | 'faded';

export interface CardContent extends Record<string, unknown> {
  node: PictureNode;
  lens: Lens;
  selected: boolean;
  emphasis: Emphasis;
}
export interface EdgeContent extends Record<string, unknown> {
  edge: PictureEdge;
  curve: Curve;
  tone: Tone;
  width: number;
  crossing: boolean;
  selected: boolean;
  emphasis: Emphasis;
  labels: Labels;
  lens: Lens;
  label: Point;
}
export type ClusterNode = Node<{ box: ClusterBox; selected: boolean; empty: boolean }, 'cluster'>;
export type NamespaceNode = Node<{ box: NamespaceBox }, 'namespace'>;
export type CardNode = Node<CardContent, 'card'>;
export type GatewayNode = Node<{ chip: GatewayChip; cluster: string }, 'gateway'>;
export type SceneNode = ClusterNode | NamespaceNode | CardNode | GatewayNode;
export type SceneEdge = Edge<EdgeContent, 'traffic'>;

export interface Scene {
  nodes: SceneNode[];
  edges: SceneEdge[];
  /** How many nodes and edges the hide expression took away. */
  hidden: number;
}

/** What is drawn of a picture: everything of it at the place the server gave it, less what is hidden. */
export function sceneOf(picture: Picture, options: SceneOptions): Scene {
  const visible = picture.nodes.filter((node) => shown(node, options));
  const byId = new Map(visible.map((node) => [node.id, node]));
  const edges = picture.edges.filter(
    (edge) =>
      byId.has(edge.source) &&
      byId.has(edge.target) &&
      (options.ghosts || !edge.ghost) &&
      !(options.hide && matches(options.hide, { kind: 'edge', edge })),
  );
  const cards = visible.map((node) => node.bounds);
  const near = neighbourhood(options.selection, edges, picture.sentences);
  return {
    nodes: [
      ...picture.clusters.map((box) =>
        clusterNode(box, options.selection, !picture.nodes.some((node) => node.cluster === box.id)),
      ),
      ...picture.namespaces.map(namespaceNode),
      ...visible.map((node) => cardNode(node, options, near)),
      ...picture.clusters.flatMap((box) => box.gateways.map((chip) => gatewayNode(box, chip))),
    ],
    edges: edges.map((edge) => edgeOf(edge, byId, cards, options, near)),
    hidden: picture.nodes.length - visible.length + picture.edges.length - edges.length,
  };
}

function shown(node: PictureNode, options: SceneOptions): boolean {
  if (node.ghost && !options.ghosts) return false;
  return !(options.hide && matches(options.hide, { kind: 'node', node }));
}

/** The selected thing, what touches it and what is said of it; empty when nothing is selected. */
function neighbourhood(
  selection: string,
  edges: readonly PictureEdge[],
  sentences: readonly Sentence[],
): ReadonlySet<string> {
  const near = new Set<string>();
  for (const edge of edges) {
    if (
      `e:${edge.id}` === selection ||
      `n:${edge.source}` === selection ||
      `n:${edge.target}` === selection
    ) {
      near.add(edge.id).add(edge.source).add(edge.target);
    }
  }
  for (const sentence of sentences) {
    if (sentence.edges.some((id) => `e:${id}` === selection))
      for (const id of [...sentence.nodes, ...sentence.edges]) near.add(id);
  }
  return near;
}

function emphasisOf(id: string, found: boolean, options: SceneOptions, near: ReadonlySet<string>): Emphasis {
  if (found || options.marked.has(id)) return 'found';
  if (near.size > 0 && !near.has(id)) return 'faded';
  return options.find || options.marked.size > 0 ? 'faded' : 'plain';
}

function box(bounds: { x: number; y: number; width: number; height: number }) {
  const { x, y, width, height } = bounds;
  return {
    position: { x, y },
    width,
    height,
    measured: { width, height },
    draggable: false,
    selectable: false,
    focusable: false,
    domAttributes: { 'aria-roledescription': undefined },
  };
}

function clusterNode(cluster: ClusterBox, selection: string, empty: boolean): ClusterNode {
  const selected = selection === `c:${cluster.id}`;
  return {
    id: `c:${cluster.id}`,
    type: 'cluster',
    data: { box: cluster, selected, empty },
    zIndex: 0,
    ...box(cluster.bounds),
  };
}

function namespaceNode(namespace: NamespaceBox): NamespaceNode {
  return {
    id: `ns:${namespace.id}`,
    type: 'namespace',
    data: { box: namespace },
    zIndex: 1,
    ...box(namespace.bounds),
  };
}

function cardNode(node: PictureNode, options: SceneOptions, near: ReadonlySet<string>): CardNode {
  const found = !!options.find && matches(options.find, { kind: 'node', node });
  return {
    id: node.id,
    type: 'card',
    zIndex: 20,
    data: {
      node,
      lens: options.lens,
      selected: options.selection === `n:${node.id}`,
      emphasis: emphasisOf(node.id, found, options, near),
    },
    ...box(node.bounds),
  };
}

const CHIP = { width: 28, height: 28 };

function gatewayNode(cluster: ClusterBox, chip: GatewayChip): GatewayNode {
  const bounds = { x: chip.at.x - CHIP.width / 2, y: chip.at.y - CHIP.height / 2, ...CHIP };
  return {
    id: `gw:${cluster.id}/${chip.name}`,
    type: 'gateway',
    zIndex: 30,
    data: { chip, cluster: cluster.id },
    ...box(bounds),
  };
}

function edgeOf(
  edge: PictureEdge,
  nodes: ReadonlyMap<string, PictureNode>,
  cards: readonly Bounds[],
  options: SceneOptions,
  near: ReadonlySet<string>,
): SceneEdge {
  const crossing = crosses(nodes.get(edge.source), nodes.get(edge.target));
  const curve = curveOf(edge.points);
  const found = !!options.find && matches(options.find, { kind: 'edge', edge });
  return {
    id: edge.id,
    source: edge.source,
    target: edge.target,
    type: 'traffic',
    zIndex: 10,
    focusable: false,
    // The table of edges says the same in words.
    domAttributes: { 'aria-hidden': true },
    data: {
      edge,
      curve,
      crossing,
      tone: toneOf(edge, options.lens, crossing),
      width: widthOf(edge),
      selected: options.selection === `e:${edge.id}`,
      emphasis: emphasisOf(edge.id, found, options, near),
      labels: options.labels,
      lens: options.lens,
      label: labelAt(curve, edge, cards),
    },
  };
}

/** Half of what a label takes. */
const LABEL = { width: 36, height: 16 };
const GATEWAY_LABEL = { width: 92, height: 24 };

/** Before the gateway, where the edge bends, or in the middle of what is short; elsewhere where a card would lie over it. */
function labelAt(curve: Curve, edge: PictureEdge, cards: readonly Bounds[]): Point {
  if (curve.length === 0) return { x: 0, y: 0 };
  const gateway = edge.path === 'GATEWAY' && edge.points.length > 2;
  const { width, height } = gateway ? GATEWAY_LABEL : LABEL;
  const places = (gateway ? [0.3, 0.4, 0.6, 0.7, 0.2] : [0.5, 0.42, 0.58]).map((part) =>
    along(curve, curve.length * part),
  );
  const free = places.find(({ x, y }) =>
    cards.every(
      (card) =>
        x + width < card.x ||
        x - width > card.x + card.width ||
        y + height < card.y ||
        y - height > card.y + card.height,
    ),
  );
  const { x, y } = free ?? (places[0] as Point);
  return { x, y };
}

/** Keeps the object of whatever has not changed, so that only what changed is drawn again. */
export function kept<T extends { id: string }>(before: readonly T[], after: readonly T[]): T[] {
  const old = new Map(before.map((item) => [item.id, item]));
  return after.map((item) => {
    const same = old.get(item.id);
    return same && JSON.stringify(same) === JSON.stringify(item) ? same : item;
  });
}
