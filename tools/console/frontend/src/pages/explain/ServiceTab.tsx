import { useQuery } from '@tanstack/react-query';
import { Play, Route } from 'lucide-react';
import { useState } from 'react';
import { get, path } from '../../api/client';
import type { Explanation } from '../../api/explanation';
import { useServices } from '../../api/queries';
import { useSay } from '../../i18n';
import { Field } from '../../ui/fields';
import { Empty, Failure, Loading } from '../../ui/states';
import { ExplanationView } from './ExplanationView';

interface Question {
  service: string;
  from: string;
  cluster: string;
  subset: string;
}

export function ServiceTab() {
  const say = useSay();
  const services = useServices();
  const [question, setQuestion] = useState<Question>({ service: '', from: '', cluster: '', subset: '' });
  const [asked, setAsked] = useState<Question | undefined>();
  const address = asked ? path('/api/v1/explain', { ...asked }) : '';
  const answer = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<Explanation>(address, signal),
    enabled: asked !== undefined,
  });
  const field = (key: keyof Question, label: string, hint?: string, list?: string) => (
    <Field label={label} hint={hint}>
      {(id) => (
        <input
          id={id}
          className="input"
          list={list}
          value={question[key]}
          onChange={(event) => setQuestion({ ...question, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <div className="stack gap-3">
      <form
        className="card-panel"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(question);
        }}
      >
        <div className="question">
          {field('service', say('column.service'), 'reviews.demo:9080', 'service-names')}
          {field('from', say('explain.from'), say('explain.podHint'))}
          {field('cluster', say('column.cluster'))}
          {field('subset', say('service.subset'))}
          <datalist id="service-names">
            {(services.data ?? []).flatMap((row) =>
              row.ports.map((port) => (
                <option
                  key={`${row.host}:${port.number}`}
                  value={`${row.name}.${row.namespace}:${port.number}`}
                />
              )),
            )}
          </datalist>
        </div>
        <div className="row">
          <button type="submit" className="button primary" disabled={!question.service || !question.from}>
            <Play size={14} aria-hidden="true" />
            {say('explain.ask')}
          </button>
        </div>
      </form>
      {answer.error && <Failure error={answer.error} />}
      {answer.isLoading && <Loading />}
      {answer.data && <ExplanationView explanation={answer.data} />}
      {!asked && <Empty icon={Route} title={say('explain.nothing')} />}
    </div>
  );
}
