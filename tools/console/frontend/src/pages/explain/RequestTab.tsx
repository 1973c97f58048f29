import { useMutation } from '@tanstack/react-query';
import { Play, Route } from 'lucide-react';
import { useState } from 'react';
import { sendJson } from '../../api/client';
import { useWorkloads } from '../../api/queries';
import type { RequestQuestion, RequestStory } from '../../api/types';
import { useSay } from '../../i18n';
import { Field, Segmented } from '../../ui/fields';
import { ObjectLink } from '../../ui/ObjectLink';
import { Empty, Failure, Loading } from '../../ui/states';
import { Table } from '../../ui/Table';
import { useView } from '../../view';
import { flagsInWords, stepTitle } from '../../words';
import { Portions } from './Portions';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const EMPTY: RequestQuestion = {
  log: '',
  from: '',
  cluster: '',
  method: 'GET',
  host: '',
  path: '/',
  headers: {},
};

/** One header a line, `name: value`; lines without a colon are not headers. */
export function headersOf(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

export function RequestTab() {
  const say = useSay();
  const [view] = useView();
  const [by, setBy] = useState<'parts' | 'log'>('parts');
  const [question, setQuestion] = useState(() => ({ ...EMPTY, ...fromSelection(view.selection) }));
  const [headers, setHeaders] = useState('');
  const ask = useMutation({
    mutationFn: () =>
      sendJson<RequestStory>(
        'POST',
        '/api/v1/explain/request',
        by === 'log'
          ? { ...EMPTY, log: question.log, from: question.from, cluster: question.cluster }
          : { ...question, log: '', headers: headersOf(headers) },
      ),
  });
  const set = (part: Partial<RequestQuestion>) => setQuestion({ ...question, ...part });
  const ready = by === 'log' ? question.log.trim() !== '' : question.host !== '' && question.from !== '';
  return (
    <div className="stack gap-3">
      <form
        className="card-panel"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) ask.mutate();
        }}
      >
        <Segmented
          label={say('explain.by')}
          options={(['parts', 'log'] as const).map((id) => ({ id, title: say.code(`explain.by.${id}`) }))}
          value={by}
          onChange={setBy}
        />
        <div className="question">
          {by === 'log' ? (
            <div className="span">
              <Field label={say('explain.log')} hint={say('explain.logHint')}>
                {(id) => (
                  <textarea
                    id={id}
                    className="input"
                    value={question.log}
                    onChange={(event) => set({ log: event.target.value })}
                  />
                )}
              </Field>
            </div>
          ) : (
            <Parts question={question} set={set} headers={headers} setHeaders={setHeaders} />
          )}
        </div>
        <div className="row">
          <button type="submit" className="button primary" disabled={!ready || ask.isPending}>
            <Play size={14} aria-hidden="true" />
            {say('explain.ask')}
          </button>
        </div>
      </form>
      {ask.isPending && <Loading />}
      {ask.error && <Failure error={ask.error} />}
      {ask.data ? (
        <Story story={ask.data} />
      ) : (
        !ask.isPending && !ask.error && <Empty icon={Route} title={say('explain.nothing')} />
      )}
    </div>
  );
}

function fromSelection(selection: string): Partial<RequestQuestion> {
  const [cluster, namespace, name] = selection.startsWith('n:') ? selection.slice(2).split('/') : [];
  return cluster && namespace && name ? { from: `deploy/${name}.${namespace}`, cluster } : {};
}

interface PartsProps {
  question: RequestQuestion;
  set: (part: Partial<RequestQuestion>) => void;
  headers: string;
  setHeaders: (headers: string) => void;
}

function Parts({ question, set, headers, setHeaders }: PartsProps) {
  const say = useSay();
  const workloads = useWorkloads();
  const places = (workloads.data ?? []).map((row) => ({
    value: `deploy/${row.name}.${row.namespace}`,
    cluster: row.cluster,
  }));
  return (
    <>
      <Field label={say('explain.from')} hint={say('explain.fromHint')}>
        {(id) => (
          <>
            <input
              id={id}
              className="input"
              list="places"
              value={question.from}
              onChange={(event) => {
                const from = event.target.value;
                set({
                  from,
                  cluster: places.find((place) => place.value === from)?.cluster ?? question.cluster,
                });
              }}
            />
            <datalist id="places">
              {places.map((place) => (
                <option key={`${place.cluster} ${place.value}`} value={place.value}>
                  {place.cluster}
                </option>
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={say('column.cluster')}>
        {(id) => (
          <input
            id={id}
            className="input"
            value={question.cluster}
            onChange={(event) => set({ cluster: event.target.value })}
          />
        )}
      </Field>
      <Field label={say('explain.method')}>
        {(id) => (
          <select
            id={id}
            className="input"
            value={question.method}
            onChange={(event) => set({ method: event.target.value })}
          >
            {METHODS.map((method) => (
              <option key={method}>{method}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('explain.host')} hint={say('explain.hostHint')}>
        {(id) => (
          <input
            id={id}
            className="input"
            value={question.host}
            onChange={(event) => set({ host: event.target.value })}
          />
        )}
      </Field>
      <Field label={say('explain.path')}>
        {(id) => (
          <input
            id={id}
            className="input"
            value={question.path}
            onChange={(event) => set({ path: event.target.value })}
          />
        )}
      </Field>
      <div className="span">
        <Field label={say('explain.headers')} hint={say('explain.headersHint')}>
          {(id) => (
            <textarea
              id={id}
              className="input"
              value={headers}
              onChange={(event) => setHeaders(event.target.value)}
            />
          )}
        </Field>
      </div>
    </>
  );
}

function Story({ story }: { story: RequestStory }) {
  const say = useSay();
  const good =
    story.outcome.kind === 'forwarded' ||
    story.outcome.kind === 'redirected' ||
    (story.outcome.kind === 'answered' && story.outcome.status < 500);
  return (
    <div className="stack gap-3" data-testid="story">
      <p className={good ? 'outcome' : 'outcome bad'} role="status">
        {say.code(`outcome.${story.outcome.kind}`)}
        {story.outcome.status > 0 && <span className="mono">{story.outcome.status}</span>}
        {story.outcome.flags && story.outcome.flags !== '-' && (
          <span>
            {flagsInWords(story.outcome.flags, say)} <span className="mono">{story.outcome.flags}</span>
          </span>
        )}
      </p>
      <section className="card-panel">
        <h2>{say('explain.steps')}</h2>
        <ol className="story">
          {story.steps.map((step, index) => (
            <li key={`${index} ${step.code}`} data-step={step.code}>
              <strong>{stepTitle(step.code, say)}</strong>
              <span lang="en">{step.text}</span>
              {step.object && <ObjectLink object={step.object} />}
            </li>
          ))}
        </ol>
      </section>
      {story.destinations.length > 0 && (
        <section className="stack">
          <h2>{say('explain.destinations')}</h2>
          <Table
            caption={say('explain.destinations')}
            rows={story.destinations}
            keyOf={(destination) => `${destination.service} ${destination.subset}`}
            columns={[
              { id: 'service', title: say('column.service'), cell: (row) => row.service },
              { id: 'subset', title: say('service.subset'), cell: (row) => row.subset || '–' },
              {
                id: 'share',
                title: say('column.share'),
                numeric: true,
                cell: (row) => say.percent(row.share),
              },
              {
                id: 'places',
                title: say('explain.places'),
                cell: (row) => <Portions portions={row.places} />,
              },
            ]}
          />
        </section>
      )}
    </div>
  );
}
