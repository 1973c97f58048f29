import type { Explanation } from '../../api/explanation';
import { useSay } from '../../i18n';
import { Table } from '../../ui/Table';

/** The control plane's own words for one client and one service, and the endpoints in the order they are tried. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const say = useSay();
  const localities = explanation.ports.flatMap((port) =>
    port.localities.map((locality) => ({ ...locality, port: port.port })),
  );
  return (
    <div className="stack gap-3">
      <ol className="steps" lang="en">
        {explanation.summary.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
      {localities.length > 0 && (
        <section>
          <h3>{say('why.priorities')}</h3>
          <Table
            compact
            caption={say('why.priorities')}
            rows={localities}
            keyOf={(row) => `${row.port} ${row.priority} ${row.locality}`}
            columns={[
              {
                id: 'priority',
                title: say('why.priority'),
                cell: (row) => <span className="priority">P{row.priority}</span>,
              },
              { id: 'locality', title: say('column.locality'), cell: (row) => row.locality || '–' },
              { id: 'addresses', title: say('why.addresses'), numeric: true, cell: (row) => row.addresses },
              {
                id: 'share',
                title: say('column.share'),
                numeric: true,
                cell: (row) => say.percent(row.share / 100),
              },
            ]}
          />
        </section>
      )}
      <section>
        <h3>{say('column.endpoints')}</h3>
        <Table
          compact
          caption={say('column.endpoints')}
          rows={explanation.endpoints}
          keyOf={(row) => `${row.endpoint} ${row.sentTo} ${row.cluster}`}
          columns={[
            {
              id: 'endpoint',
              title: say('column.endpoint'),
              cell: (row) => <span title={row.why}>{row.endpoint}</span>,
            },
            { id: 'cluster', title: say('column.cluster'), cell: (row) => row.cluster },
            {
              id: 'priority',
              title: say('why.priority'),
              cell: (row) => (row.placing ? `P${row.placing.priority}` : '–'),
            },
            {
              id: 'share',
              title: say('column.share'),
              numeric: true,
              cell: (row) => (row.placing ? say.percent(row.placing.share / 100) : '–'),
            },
            {
              id: 'sentTo',
              title: say('why.sentTo'),
              cell: (row) => <span className="mono">{row.sentTo || '–'}</span>,
            },
          ]}
        />
      </section>
    </div>
  );
}
