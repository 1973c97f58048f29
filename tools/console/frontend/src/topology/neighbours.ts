import type { Picture, PictureNode } from '../api/types';

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';
const VECTORS: Record<Direction, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function isDirection(key: string): key is Direction {
  return key in VECTORS;
}

function centre(node: PictureNode): { x: number; y: number } {
  return { x: node.bounds.x + node.bounds.width / 2, y: node.bounds.y + node.bounds.height / 2 };
}

/** The nearest card in a direction; what lies aside counts double, so that a row is walked along before it is left. */
export function neighbour(
  nodes: readonly PictureNode[],
  from: PictureNode | undefined,
  direction: Direction,
): PictureNode | undefined {
  if (!from) return nodes[0];
  const [dx, dy] = VECTORS[direction];
  const start = centre(from);
  let best: PictureNode | undefined;
  let least = Infinity;
  for (const node of nodes) {
    const to = centre(node);
    const ahead = (to.x - start.x) * dx + (to.y - start.y) * dy;
    const aside = Math.abs((to.x - start.x) * dy) + Math.abs((to.y - start.y) * dx);
    if (node.id === from.id || ahead <= 1) continue;
    const far = ahead + 2 * aside;
    if (far < least) [least, best] = [far, node];
  }
  return best;
}

/** Selections of the edges at a node, those that leave first. */
export function edgesAt(picture: Picture, nodeId: string): string[] {
  const out = picture.edges.filter((edge) => edge.source === nodeId);
  const into = picture.edges.filter((edge) => edge.target === nodeId);
  return [...out, ...into].map((edge) => `e:${edge.id}`);
}

/** Everything that is reached from a node and everything that reaches it. */
export function pathsThrough(picture: Picture, nodeId: string): Set<string> {
  const found = new Set<string>([nodeId]);
  const walk = (from: 'source' | 'target', to: 'source' | 'target') => {
    const seen = new Set<string>([nodeId]);
    const queue = [nodeId];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const edge of picture.edges) {
        if (edge[from] !== id) continue;
        found.add(edge.id);
        if (seen.has(edge[to])) continue;
        seen.add(edge[to]);
        queue.push(edge[to]);
      }
    }
    for (const id of seen) found.add(id);
  };
  walk('source', 'target');
  walk('target', 'source');
  return found;
}
