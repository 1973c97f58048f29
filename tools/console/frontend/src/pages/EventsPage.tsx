import { Activity, Workflow } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useEvents } from '../api/queries';
import type { MeshEvent, Severity } from '../api/types';
import { useSay } from '../i18n';
import { FilterInput, passes } from '../ui/FilterInput';
import { Segmented } from '../ui/fields';
import { Empty, Failure, Loading, SeverityIcon } from '../ui/states';
import { useHref } from '../view';
import { eventText } from '../words';
import { Page } from './Page';
import { useInScope } from './scope';

const MOST = 500;
const HOUR = 3_600_000;
const LEVELS: Record<'all' | 'warning' | 'error', Severity[]> = {
  all: ['info', 'warning', 'error'],
  warning: ['warning', 'error'],
  error: ['error'],
};

export default function EventsPage() {
  const say = useSay();
  const inScope = useInScope();
  const [filter, setFilter] = useState('');
  const [least, setLeast] = useState<keyof typeof LEVELS>('all');
  const events = useEvents(MOST);
  if (events.error && !events.data)
    return <Failure error={events.error} retry={() => void events.refetch()} />;
  if (!events.data) return <Loading />;
  const rows = [...events.data]
    .sort((a, b) => b.id - a.id)
    .filter(
      (event) =>
        LEVELS[least].includes(event.severity) &&
        inScope(event.args.cluster ?? '', event.args.namespace ?? '') &&
        passes(`${event.kind} ${eventText(event, say)}`, filter),
    );
  const days = grouped(rows, (event) => say.date(event.at));
  return (
    <Page
      title={say('page.events')}
      count={rows.length}
      actions={
        <div className="filters">
          <Segmented
            label={say('events.least')}
            options={(['all', 'warning', 'error'] as const).map((id) => ({
              id,
              title: say.code(`events.${id}`),
            }))}
            value={least}
            onChange={setLeast}
          />
          <FilterInput value={filter} onChange={setFilter} />
        </div>
      }
    >
      {rows.length === 0 && <Empty icon={Activity} title={say('events.none')} />}
      {[...days].map(([day, group]) => (
        <section key={day} className="stack">
          <h2 className="event-day">{day}</h2>
          <ul className="event-list" data-testid="event-list">
            {group.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

function grouped(events: readonly MeshEvent[], by: (event: MeshEvent) => string): Map<string, MeshEvent[]> {
  const groups = new Map<string, MeshEvent[]>();
  for (const event of events) groups.set(by(event), [...(groups.get(by(event)) ?? []), event]);
  return groups;
}

function EventRow({ event }: { event: MeshEvent }) {
  const say = useSay();
  const href = useHref();
  const node = event.nodes[0];
  const within = Date.now() - Date.parse(event.at) < HOUR;
  return (
    <li>
      <time dateTime={event.at} className="mono dim" title={say.relative(event.at, Date.now())}>
        {say.time(event.at)}
      </time>
      <SeverityIcon severity={event.severity} />
      <span className="tag">{say.code(`events.kind.${event.kind}`)}</span>
      <span>{eventText(event, say)}</span>
      {within && (
        <Link
          className="button"
          href={href('/topology', { at: event.at, ...(node ? { selection: `n:${node}` } : {}) })}
        >
          <Workflow size={14} aria-hidden="true" />
          {say('events.show')}
        </Link>
      )}
    </li>
  );
}
