import { X } from 'lucide-react';
import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import type { Picture } from '../api/types';
import { useSay } from '../i18n';
import type { View, ViewAction } from '../view';
import { ClusterPanel } from './ClusterPanel';
import { EdgePanel } from './EdgePanel';
import { NodePanel } from './NodePanel';

interface Props {
  picture: Picture;
  view: View;
  dispatch: (action: ViewAction) => void;
}

const STORED = 'weft.panel';
const LEAST = 300;
const MOST = 720;
const STEP = 24;

function bounded(width: number): number {
  return Math.min(MOST, Math.max(LEAST, width));
}

/** What is known of the selected card, edge or cluster. */
export function Panel({ picture, view, dispatch }: Props) {
  const say = useSay();
  const [width, setWidth] = useState(() => bounded(Number(localStorage.getItem(STORED)) || 380));
  const resize = (next: number) => {
    localStorage.setItem(STORED, String(bounded(next)));
    setWidth(bounded(next));
  };
  const close = () => dispatch({ do: 'set', change: { selection: '' } });
  return (
    <aside className="panel" style={{ width }} aria-label={say('panel.label')} data-testid="panel">
      <div
        className="panel-grip"
        role="separator"
        aria-orientation="vertical"
        aria-label={say('panel.resize')}
        aria-valuenow={width}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        onKeyDown={(event: KeyboardEvent) => {
          const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
          if (step === 0) return;
          event.preventDefault();
          event.stopPropagation();
          resize(width + step);
        }}
        onPointerDown={(event: PointerEvent<HTMLDivElement>) =>
          event.currentTarget.setPointerCapture(event.pointerId)
        }
        onPointerMove={(event: PointerEvent<HTMLDivElement>) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(innerWidth - event.clientX);
        }}
      />
      <h2 className="hidden">{say('panel.label')}</h2>
      <button
        type="button"
        className="icon-button panel-close"
        onClick={close}
        aria-label={say('action.close')}
      >
        <X size={16} aria-hidden="true" />
      </button>
      <Selected picture={picture} selection={view.selection} dispatch={dispatch} />
    </aside>
  );
}

function Selected({
  picture,
  selection,
  dispatch,
}: {
  picture: Picture;
  selection: string;
  dispatch: Props['dispatch'];
}): ReactNode {
  const say = useSay();
  const id = selection.slice(2);
  const select = (next: string) => dispatch({ do: 'set', change: { selection: next } });
  if (selection.startsWith('e:')) {
    const edge = picture.edges.find((candidate) => candidate.id === id);
    if (edge) return <EdgePanel key={id} picture={picture} edge={edge} select={select} />;
  }
  if (selection.startsWith('n:')) {
    const node = picture.nodes.find((candidate) => candidate.id === id);
    if (node) return <NodePanel key={id} picture={picture} node={node} select={select} />;
  }
  if (selection.startsWith('c:')) {
    const box = picture.clusters.find((candidate) => candidate.id === id);
    if (box) return <ClusterPanel key={id} picture={picture} box={box} select={select} />;
  }
  return (
    <div className="panel-body">
      <h2>{say('panel.goneTitle')}</h2>
      <p className="dim">{say('panel.gone', { id })}</p>
    </div>
  );
}
