import '@xyflow/react/dist/base.css';
import {
  ReactFlow,
  type Viewport,
  useReactFlow,
  useStore,
  type ReactFlowState,
  type NodeTypes,
  type EdgeTypes,
} from '@xyflow/react';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Picture } from '../api/types';
import { useSay } from '../i18n';
import { ClusterFrame, GatewayChip, NamespaceFrame } from './Boxes';
import { Card } from './Card';
import { ParticleLayer, type FrameCost } from './ParticleLayer';
import { kept, type Scene, type SceneEdge, type SceneNode } from './scene';
import { TrafficEdge } from './TrafficEdge';
import './graph.css';

const NODE_TYPES: NodeTypes = {
  cluster: ClusterFrame,
  namespace: NamespaceFrame,
  card: Card,
  gateway: GatewayChip,
};
const EDGE_TYPES: EdgeTypes = { traffic: TrafficEdge };
const STILL = '(prefers-reduced-motion: reduce)';
const widthOf = (state: ReactFlowState) => state.width;
const TONES = ['ok', 'degraded', 'failure', 'idle', 'tcp', 'cross', 'muted'] as const;
const FIT = { padding: 0.06, maxZoom: 1.25, minZoom: 0.05 };
/** How much can be read at a zoom; the style sheet knows what to leave out. */
function legibility(zoom: number): string {
  return zoom >= 0.8 ? 'full' : zoom >= 0.5 ? 'middle' : zoom >= 0.34 ? 'small' : 'tiny';
}

interface Props {
  picture: Picture;
  scene: Scene;
  viewport: Viewport | undefined;
  playing: boolean;
  frozen: boolean;
  cost: FrameCost;
  onViewport: (viewport: Viewport) => void;
  onBackground: () => void;
  children?: ReactNode;
}

export function Graph({
  picture,
  scene,
  viewport,
  playing,
  frozen,
  cost,
  onViewport,
  onBackground,
  children,
}: Props) {
  const say = useSay();
  const { fitView, getZoom } = useReactFlow();
  const width = useStore(widthOf);
  const drawn = useKept(scene);
  const { nodes, edges } = drawn;
  const frame = useRef<HTMLDivElement>(null);
  const moved = useRef(viewport !== undefined);

  const markZoom = () => {
    frame.current?.setAttribute('data-zoom', legibility(getZoom()));
  };
  // A new structure is shown whole, and so is one that got less room, unless somebody chose where to look.
  useEffect(() => {
    if (moved.current) return;
    void fitView({ ...FIT, duration: frozen || matchMedia(STILL).matches ? 0 : 250 }).then(markZoom);
  }, [picture.structure, width]);
  useEffect(() => {
    if (viewport === undefined) moved.current = false;
  }, [viewport]);

  return (
    <div ref={frame} className={frozen ? 'graph frozen' : 'graph'} data-zoom="full">
      <ReactFlow<SceneNode, SceneEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        {...(viewport ? { defaultViewport: viewport } : { fitView: true, fitViewOptions: FIT })}
        minZoom={0.05}
        maxZoom={3}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        onlyRenderVisibleElements={nodes.length > 400}
        proOptions={{ hideAttribution: true }}
        aria-label={say('graph.label')}
        aria-roledescription={say('graph.role')}
        onPaneClick={onBackground}
        onMove={markZoom}
        onMoveEnd={(event, next) => {
          if (!event) return;
          moved.current = true;
          onViewport(next);
        }}
      >
        <Arrows />
        <ParticleLayer scene={drawn} playing={playing} frozen={frozen} cost={cost} />
        {children}
      </ReactFlow>
    </div>
  );
}

function useKept(scene: Scene): Pick<Scene, 'nodes' | 'edges'> {
  const before = useRef<Pick<Scene, 'nodes' | 'edges'>>({ nodes: [], edges: [] });
  return useMemo(() => {
    const next = {
      nodes: kept(before.current.nodes, scene.nodes),
      edges: kept(before.current.edges, scene.edges),
    };
    before.current = next;
    return next;
  }, [scene]);
}

function Arrows() {
  return (
    <svg className="hidden" aria-hidden="true">
      <defs>
        {TONES.map((tone) => (
          <marker
            key={tone}
            id={`arrow-${tone}`}
            className={`tone-${tone}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 .5 7.5 4 0 7.5z" fill="currentColor" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
