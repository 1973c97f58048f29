import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Unreachable } from './Unreachable';
import { Graph } from '../graph/Graph';
import { GraphActionsContext, type GraphActions } from '../graph/actions';
import { parse, Unreadable, type Expression } from '../graph/find';
import type { FrameCost } from '../graph/ParticleLayer';
import { sceneOf } from '../graph/scene';
import type { Lens } from '../graph/tone';
import type { Picture, PictureNode } from '../api/types';
import { useSay } from '../i18n';
import { Loading } from '../ui/states';
import { useTestMode, useView, type View, type ViewAction } from '../view';
import { EdgeTable } from './EdgeTable';
import { Legend } from './Legend';
import { ListView } from './ListView';
import { LiveRegion } from './LiveRegion';
import { Notices } from './Notices';
import { pathsThrough } from './neighbours';
import { Panel } from './Panel';
import { TimeBar } from './TimeBar';
import { Toolbar } from './Toolbar';
import { useExpose } from './expose';
import { useGraphKeys } from './useGraphKeys';
import { usePicture } from './usePicture';
import './topology.css';

export function TopologyPage() {
  const [view, dispatch] = useView();
  const watched = usePicture(view);
  const say = useSay();
  if (!watched.picture) {
    return watched.problem ? <Unreachable problem={watched.problem} /> : <Loading />;
  }
  return (
    <ReactFlowProvider>
      <h1 className="hidden">{say('page.topology')}</h1>
      <Topology picture={watched.picture} watched={watched} view={view} dispatch={dispatch} />
    </ReactFlowProvider>
  );
}

export function lensOf(view: View, picture: Picture): Lens {
  return view.lens || (picture.clusters.length >= 2 ? 'failover' : 'traffic');
}

interface TopologyProps {
  picture: Picture;
  watched: ReturnType<typeof usePicture>;
  view: View;
  dispatch: (action: ViewAction) => void;
}

function Topology({ picture, watched, view, dispatch }: TopologyProps) {
  const test = useTestMode();
  const [hovered, setHovered] = useState<ReadonlySet<string>>(NOTHING);
  const [isolated, setIsolated] = useState('');
  const [roving, setRoving] = useState('');
  const lens = lensOf(view, picture);
  const find = useExpression(view.find);
  const hide = useExpression(view.hide);
  const cost = useRef<FrameCost>({ millis: 0, chevrons: false }).current;
  const reduced = useReducedMotion();
  const marked = useMemo(
    () => (isolated ? pathsThrough(picture, isolated) : hovered),
    [isolated, hovered, picture],
  );
  const scene = useMemo(
    () =>
      sceneOf(picture, {
        lens,
        labels: view.labels,
        ghosts: view.ghosts,
        find: find.expression,
        hide: hide.expression,
        selection: view.selection,
        marked,
      }),
    [picture, lens, view.labels, view.ghosts, view.selection, find.expression, hide.expression, marked],
  );
  const firstCard = picture.nodes[0]?.id ?? '';
  const actions = useMemo<GraphActions>(
    () => ({
      select: (selection) => {
        if (selection.startsWith('n:')) setRoving(selection.slice(2));
        dispatch({ do: 'select', selection });
      },
      open: (node) => dispatch({ do: 'set', change: opened(node) }),
      isolate: (id) => setIsolated((now) => (now === id ? '' : id)),
      hide: (node) => dispatch({ do: 'hide', name: node.name, cluster: node.cluster }),
      roving: roving || firstCard,
    }),
    [dispatch, roving, firstCard],
  );
  useGraphKeys({ picture, view, dispatch, roving: actions.roving, setRoving, isolated, setIsolated });
  useExpose(picture, scene, cost);
  const playing = view.animation && !reduced && view.at === '';

  return (
    <GraphActionsContext value={actions}>
      <div className="topology">
        <Toolbar
          picture={picture}
          scene={scene}
          view={view}
          lens={lens}
          dispatch={dispatch}
          find={find}
          hide={hide}
        />
        <div className="topology-body">
          <div className="topology-main">
            <Notices
              picture={picture}
              watched={watched}
              view={view}
              hidden={scene.hidden}
              isolated={isolated}
              onIsolated={() => setIsolated('')}
              onHover={(ids) => setHovered(ids.length > 0 ? new Set(ids) : NOTHING)}
              dispatch={dispatch}
            />
            <div className="topology-canvas">
              {view.list ? (
                <ListView picture={picture} scene={scene} dispatch={dispatch} />
              ) : (
                <Graph
                  picture={picture}
                  scene={scene}
                  viewport={view.viewport}
                  playing={playing}
                  frozen={test}
                  cost={cost}
                  onViewport={(viewport) => dispatch({ do: 'set', change: { viewport } })}
                  onBackground={() => view.selection && dispatch({ do: 'set', change: { selection: '' } })}
                >
                  <Legend lens={lens} scene={scene} playing={playing} />
                </Graph>
              )}
            </div>
            <TimeBar view={view} dispatch={dispatch} playing={playing} />
          </div>
          {view.selection && <Panel picture={picture} view={view} dispatch={dispatch} />}
        </div>
        {!view.list && <EdgeTable picture={picture} />}
        <LiveRegion picture={picture} events={watched.events} />
      </div>
    </GraphActionsContext>
  );
}

const REDUCED = '(prefers-reduced-motion: reduce)';
const NOTHING: ReadonlySet<string> = new Set();

/** A box that stands for many is opened by narrowing the scope to it. */
function opened(node: PictureNode): Partial<View> {
  if (node.kind === 'cluster')
    return { clusters: [node.cluster], level: 'auto', viewport: undefined, selection: '' };
  if (node.kind === 'namespace')
    return { namespaces: [node.namespace], level: 'workload', viewport: undefined, selection: '' };
  return { selection: `n:${node.id}` };
}

export interface Read {
  expression: Expression | undefined;
  /** Where the text could not be read; undefined where it could. */
  wrong: string | undefined;
}

function useExpression(text: string): Read {
  return useMemo(() => {
    try {
      return { expression: parse(text), wrong: undefined };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { expression: undefined, wrong: error.word };
    }
  }, [text]);
}

function useReducedMotion(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(REDUCED);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(REDUCED).matches,
  );
}
