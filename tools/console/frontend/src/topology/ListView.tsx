import type { Picture, PictureEdge, PictureNode } from '../api/types';
import { testIdOf, nameOf } from '../graph/Card';
import type { Scene } from '../graph/scene';
import { useSay } from '../i18n';
import { edgeColumns } from '../ui/edgeColumns';
import { StatusText } from '../ui/Status';
import { Table } from '../ui/Table';
import type { ViewAction } from '../view';

/** The same data as the picture, as two tables. */
export function ListView({
  picture,
  scene,
  dispatch,
}: {
  picture: Picture;
  scene: Scene;
  dispatch: (action: ViewAction) => void;
}) {
  const say = useSay();
  const nodes = scene.nodes.flatMap((node) => (node.type === 'card' ? [node.data.node] : []));
  const edges = scene.edges.flatMap((edge) => (edge.data ? [edge.data.edge] : []));
  const named = new Map(picture.nodes.map((node) => [node.id, node]));
  const select = (selection: string) => dispatch({ do: 'set', change: { selection } });
  const label = (id: string) => {
    const node = named.get(id);
    return node ? [nameOf(node, say), node.cluster].filter(Boolean).join(' @ ') : id;
  };
  return (
    <div className="list-view">
      <h2>{say('graph.nodes')}</h2>
      <Table<PictureNode>
        caption={say('graph.nodes')}
        keyOf={(node) => node.id}
        rows={nodes}
        columns={[
          {
            id: 'name',
            title: say('column.name'),
            by: (node) => node.name,
            cell: (node) => (
              <button
                type="button"
                className="link-button"
                data-testid={testIdOf(node)}
                onClick={() => select(`n:${node.id}`)}
              >
                {nameOf(node, say)}
              </button>
            ),
          },
          {
            id: 'cluster',
            title: say('column.cluster'),
            by: (node) => node.cluster,
            cell: (node) => node.cluster,
          },
          {
            id: 'namespace',
            title: say('column.namespace'),
            by: (node) => node.namespace,
            cell: (node) => node.namespace,
          },
          {
            id: 'status',
            title: say('column.status'),
            by: (node) => node.status,
            cell: (node) => (
              <StatusText status={node.status}>
                {node.ghost ? say('graph.ghost') : say.code(`status.${node.status}`)}
              </StatusText>
            ),
          },
          {
            id: 'pods',
            title: say('column.ready'),
            numeric: true,
            by: (node) => node.ready,
            cell: (node) => `${node.ready}/${node.pods}`,
          },
        ]}
      />
      <h2>{say('graph.edges')}</h2>
      <Table<PictureEdge>
        caption={say('graph.edges')}
        testId="edges"
        keyOf={(edge) => edge.id}
        rows={edges}
        columns={[
          {
            id: 'from',
            title: say('column.from'),
            by: (edge) => edge.source,
            cell: (edge) => (
              <button type="button" className="link-button" onClick={() => select(`e:${edge.id}`)}>
                {label(edge.source)}
              </button>
            ),
          },
          {
            id: 'to',
            title: say('column.to'),
            by: (edge) => edge.target,
            cell: (edge) => label(edge.target),
          },
          ...edgeColumns(say),
          {
            id: 'path',
            title: say('column.path'),
            by: (edge) => edge.path,
            cell: (edge) => say.code(`path.${edge.path}`),
          },
        ]}
      />
    </div>
  );
}
