import { useMutation } from '@tanstack/react-query';
import { FlaskConical, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { sendJson } from '../../api/client';
import { useClusters, useWorkloads } from '../../api/queries';
import type { Loss, Moved, Prediction } from '../../api/types';
import { useSay } from '../../i18n';
import { Field, Segmented } from '../../ui/fields';
import { Banner, Empty, Failure, Loading, SeverityIcon } from '../../ui/states';
import { Table } from '../../ui/Table';
import { useView } from '../../view';
import { reasonInWords, sentenceText } from '../../words';
import { Portions } from './Portions';

const KINDS = ['cluster', 'zone', 'gateway', 'workload'] as const;

function fromSelection(selection: string): Loss {
  const id = selection.slice(2);
  if (selection.startsWith('n:')) {
    const [cluster = '', ...rest] = id.split('/');
    return { kind: 'workload', cluster, name: rest.join('/') };
  }
  return { kind: 'cluster', cluster: selection.startsWith('c:') ? id : '', name: '' };
}

export function WhatIfTab() {
  const say = useSay();
  const [view] = useView();
  const [loss, setLoss] = useState<Loss>(() => fromSelection(view.selection));
  const ask = useMutation({ mutationFn: () => sendJson<Prediction>('POST', '/api/v1/whatif', loss) });
  const ready = loss.kind === 'cluster' ? loss.cluster !== '' : loss.name !== '';
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
          label={say('whatIf.kind')}
          options={KINDS.map((id) => ({ id, title: say.code(`whatIf.kind.${id}`) }))}
          value={loss.kind}
          onChange={(kind) => setLoss({ ...loss, kind, name: '' })}
        />
        <LossFields loss={loss} onChange={setLoss} />
        <div className="row">
          <button type="submit" className="button primary" disabled={!ready || ask.isPending}>
            <FlaskConical size={14} aria-hidden="true" />
            {say('whatIf.ask')}
          </button>
          <span className="dim">{say('whatIf.honest')}</span>
        </div>
      </form>
      {ask.isPending && <Loading />}
      {ask.error && <Failure error={ask.error} />}
      {ask.data ? (
        <Outlook prediction={ask.data} />
      ) : (
        !ask.isPending && !ask.error && <Empty icon={FlaskConical} title={say('whatIf.nothing')} />
      )}
    </div>
  );
}

function LossFields({ loss, onChange }: { loss: Loss; onChange: (loss: Loss) => void }) {
  const say = useSay();
  const clusters = useClusters().data ?? [];
  const workloads = useWorkloads(loss.kind === 'workload').data ?? [];
  const names =
    loss.kind === 'zone'
      ? clusters
          .filter((cluster) => !loss.cluster || cluster.id === loss.cluster)
          .flatMap((cluster) => cluster.zones)
      : loss.kind === 'gateway'
        ? clusters.filter((cluster) => cluster.crossClusterProxy.enabled).map((cluster) => cluster.network)
        : workloads
            .filter((row) => !loss.cluster || row.cluster === loss.cluster)
            .map((row) => `${row.namespace}/${row.name}`);
  return (
    <div className="question">
      {loss.kind !== 'gateway' && (
        <Field label={say('column.cluster')}>
          {(id) => (
            <select
              id={id}
              className="input"
              value={loss.cluster}
              onChange={(event) => onChange({ ...loss, cluster: event.target.value })}
            >
              <option value="">{loss.kind === 'cluster' ? '' : say('whatIf.everyCluster')}</option>
              {clusters.map((cluster) => (
                <option key={cluster.id}>{cluster.id}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      {loss.kind !== 'cluster' && (
        <Field label={say.code(`whatIf.name.${loss.kind}`)}>
          {(id) => (
            <>
              <input
                id={id}
                className="input"
                list="losses"
                value={loss.name}
                onChange={(event) => onChange({ ...loss, name: event.target.value })}
              />
              <datalist id="losses">
                {[...new Set(names)].map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
    </div>
  );
}

function Outlook({ prediction }: { prediction: Prediction }) {
  const say = useSay();
  return (
    <div className="stack gap-3" data-testid="prediction">
      <Banner severity={prediction.broken.length > 0 ? 'error' : 'info'}>
        {prediction.broken.length > 0
          ? say('whatIf.breaks', { count: prediction.broken.length })
          : say('whatIf.holds')}
      </Banner>
      <ul className="plain">
        {prediction.sentences.map((sentence) => (
          <li key={sentence.code + JSON.stringify(sentence.args)} className="row">
            <SeverityIcon severity={sentence.severity} />
            <span>{sentenceText(sentence, say)}</span>
          </li>
        ))}
      </ul>
      {prediction.broken.length > 0 && (
        <section className="stack">
          <h2>{say('whatIf.broken')}</h2>
          <Predicted caption={say('whatIf.broken')} edges={prediction.broken} />
        </section>
      )}
      <section className="stack">
        <h2>{say('whatIf.moves')}</h2>
        {prediction.edges.length === 0 ? (
          <Empty icon={ShieldCheck} title={say('whatIf.noMoves')} />
        ) : (
          <Predicted caption={say('whatIf.moves')} edges={prediction.edges} />
        )}
      </section>
    </div>
  );
}

function Predicted({ caption, edges }: { caption: string; edges: readonly Moved[] }) {
  const say = useSay();
  return (
    <Table<Moved>
      caption={caption}
      rows={edges}
      keyOf={(edge) => `${edge.source} ${edge.service}`}
      columns={[
        { id: 'source', title: say('column.from'), by: (edge) => edge.source, cell: (edge) => edge.source },
        {
          id: 'service',
          title: say('column.service'),
          by: (edge) => edge.service,
          cell: (edge) => edge.service,
        },
        {
          id: 'rate',
          title: say('column.rate'),
          numeric: true,
          by: (edge) => edge.rate,
          cell: (edge) => say.rate(edge.rate),
        },
        { id: 'before', title: say('whatIf.before'), cell: (edge) => <Portions portions={edge.before} /> },
        { id: 'after', title: say('whatIf.after'), cell: (edge) => <Portions portions={edge.after} /> },
        { id: 'reason', title: say('whatIf.reason'), cell: (edge) => reasonInWords(edge.reason, say) || '–' },
      ]}
    />
  );
}
