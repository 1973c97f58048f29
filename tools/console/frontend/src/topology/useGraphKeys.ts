import { useReactFlow } from '@xyflow/react';
import { useLocation } from 'wouter';
import type { Picture } from '../api/types';
import { LENSES } from '../graph/tone';
import { useKeys, type KeyMap } from '../shell/keys';
import { useHref, type View, type ViewAction } from '../view';
import { edgesAt, isDirection, neighbour, type Direction } from './neighbours';

interface Props {
  picture: Picture;
  view: View;
  dispatch: (action: ViewAction) => void;
  roving: string;
  setRoving: (id: string) => void;
  isolated: string;
  setIsolated: (id: string) => void;
}

const STEP_SECONDS = 5;

function focusCard(id: string): void {
  document.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

export function useGraphKeys({
  picture,
  view,
  dispatch,
  roving,
  setRoving,
  isolated,
  setIsolated,
}: Props): void {
  const flow = useReactFlow();
  const href = useHref();
  const [, navigate] = useLocation();
  const selectedNode = view.selection.startsWith('n:') ? view.selection.slice(2) : roving;

  const move = (direction: Direction) => {
    const next = neighbour(
      picture.nodes,
      picture.nodes.find((node) => node.id === roving),
      direction,
    );
    if (!next) return;
    setRoving(next.id);
    const { x, y, width, height } = next.bounds;
    void flow.setCenter(x + width / 2, y + height / 2, { zoom: Math.max(0.6, flow.getZoom()) });
    requestAnimationFrame(() => focusCard(next.id));
  };
  const cycle = (step: number) => {
    const edges = edgesAt(picture, roving);
    const index = edges.indexOf(view.selection);
    const next = edges[(index + step + edges.length) % edges.length];
    if (next) dispatch({ do: 'set', change: { selection: next } });
  };
  const onGraph = (action: () => void) => () => {
    if (!view.list) action();
  };
  const keys: KeyMap = {
    '+': onGraph(() => void flow.zoomIn()),
    '=': onGraph(() => void flow.zoomIn()),
    '-': onGraph(() => void flow.zoomOut()),
    '0': onGraph(() => {
      void flow.fitView({ padding: 0.06, maxZoom: 1.25 });
      dispatch({ do: 'fit' });
    }),
    '[': () => cycle(-1),
    ']': () => cycle(1),
    h: () => {
      const node = picture.nodes.find((candidate) => candidate.id === selectedNode);
      if (node) dispatch({ do: 'hide', name: node.name, cluster: node.cluster });
    },
    i: () => setIsolated(isolated === selectedNode ? '' : selectedNode),
    x: () => navigate(href('/explain', { selection: view.selection })),
    l: () => dispatch({ do: 'toggle', flag: 'list' }),
    f: () => document.getElementById('find')?.focus(),
    Space: () => dispatch({ do: 'toggle', flag: 'animation' }),
    ',': () => dispatch({ do: 'step', seconds: -STEP_SECONDS, now: Date.now() }),
    '.': () => dispatch({ do: 'step', seconds: STEP_SECONDS, now: Date.now() }),
    Escape: () => {
      if (isolated) setIsolated('');
      else dispatch({ do: 'set', change: { selection: '' } });
    },
  };
  LENSES.forEach((lens, index) => {
    keys[String(index + 1)] = () => dispatch({ do: 'set', change: { lens } });
  });
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
    keys[key] = onGraph(() => isDirection(key) && move(key));
  }
  keys.Enter = (event) => {
    const card = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (card) dispatch({ do: 'set', change: { selection: `n:${card}` } });
    else if (event.target instanceof HTMLElement) event.target.click();
  };
  useKeys(keys);
}
