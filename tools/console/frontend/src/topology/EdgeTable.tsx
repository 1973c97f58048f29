import type { Picture } from '../api/types';
import { useSay } from '../i18n';

/** The edges as rows, always in the page: what the picture shows, for screen readers and for tests. */
export function EdgeTable({ picture }: { picture: Picture }) {
  const say = useSay();
  return (
    <table className="hidden" data-testid="edges">
      <caption>{say('graph.edges')}</caption>
      <thead>
        <tr>
          <th scope="col">{say('column.from')}</th>
          <th scope="col">{say('column.to')}</th>
          <th scope="col">{say('column.service')}</th>
          <th scope="col">{say('column.rate')}</th>
          <th scope="col">{say('column.share')}</th>
          <th scope="col">{say('column.errors')}</th>
          <th scope="col">{say('column.path')}</th>
        </tr>
      </thead>
      <tbody>
        {picture.edges.map((edge) => (
          <tr
            key={edge.id}
            data-edge-row={edge.id}
            data-source={edge.source}
            data-target={edge.target}
            data-rate={edge.rate}
            data-share={edge.share}
            data-path={edge.path}
            data-ghost={edge.ghost}
          >
            <td>{edge.source}</td>
            <td>{edge.target}</td>
            <td>{edge.service}</td>
            <td>{say('unit.perSecond', { rate: say.rate(edge.rate) })}</td>
            <td>{say.percent(edge.share)}</td>
            <td>{say.percent(edge.rate > 0 ? edge.failed / edge.rate : 0)}</td>
            <td>{[say.code(`path.${edge.path}`), edge.gateway].filter(Boolean).join(' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
