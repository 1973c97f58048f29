import type { PictureEdge } from '../api/types';
import { latencyOf } from '../graph/tone';
import type { Say } from '../i18n';
import { ErrorShare } from './ErrorShare';
import type { Column } from './Table';

/** What every table of edges says of each: how much, what part, how well, how fast. */
export function edgeColumns(say: Say): Column<PictureEdge>[] {
  return [
    {
      id: 'rate',
      title: say('column.rate'),
      numeric: true,
      by: (edge) => edge.rate,
      cell: (edge) => say.rate(edge.rate),
    },
    {
      id: 'share',
      title: say('column.share'),
      numeric: true,
      by: (edge) => edge.share,
      cell: (edge) => say.percent(edge.share),
    },
    {
      id: 'errors',
      title: say('column.errors'),
      numeric: true,
      by: (edge) => edge.failed,
      cell: (edge) => <ErrorShare share={edge.rate > 0 ? edge.failed / edge.rate : 0} />,
    },
    {
      id: 'latency',
      title: say('column.p95'),
      numeric: true,
      by: latencyOf,
      cell: (edge) => say.millis(latencyOf(edge)),
    },
  ];
}
