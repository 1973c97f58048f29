import { createContext, useContext } from 'react';
import type { PictureNode } from '../api/types';

/** What cards and edges can ask of the page; one stable object, so that they are drawn again only for their own sake. */
export interface GraphActions {
  /** `n:`, `e:` or `c:` and the id; the same again takes it back. */
  select: (selection: string) => void;
  open: (node: PictureNode) => void;
  /** Emphasises what is connected with a node; the same again takes it back. */
  isolate: (id: string) => void;
  hide: (node: PictureNode) => void;
  /** The card that the tab key reaches. */
  roving: string;
}

export const GraphActionsContext = createContext<GraphActions>({
  select: () => undefined,
  open: () => undefined,
  isolate: () => undefined,
  hide: () => undefined,
  roving: '',
});

export const useGraphActions = (): GraphActions => useContext(GraphActionsContext);
