import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeftRight, Check, CircleSlash, Copy, Minus, Upload } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { sendJson } from '../../api/client';
import type { ClusterView, NetworkPath, NetworkPreview, NetworkWish } from '../../api/types';
import { useSay } from '../../i18n';
import { useAdmin } from '../../session';
import { Dialog } from '../../ui/Dialog';
import { Switch } from '../../ui/fields';
import { Banner, Loading, SeverityIcon } from '../../ui/states';
import { sentenceText } from '../../words';

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A logical network is a DNS label; the empty one is the default network. */
export function validNetwork(name: string): boolean {
  return name === '' || NAME.test(name);
}

function wishesOf(clusters: readonly ClusterView[]): NetworkWish[] {
  return clusters.map((cluster) => ({
    cluster: cluster.id,
    network: cluster.network,
    crossClusterProxy: cluster.crossClusterProxy.enabled,
  }));
}

export function NetworkDialog({
  clusters,
  onClose,
}: {
  clusters: readonly ClusterView[];
  onClose: () => void;
}) {
  const say = useSay();
  const admin = useAdmin();
  const queries = useQueryClient();
  const [wishes, setWishes] = useState(() => wishesOf(clusters));
  const valid = wishes.every((wish) => validNetwork(wish.network));
  const changed = JSON.stringify(wishes) !== JSON.stringify(wishesOf(clusters));
  const asked = useDeferredValue(wishes);
  const preview = useQuery({
    queryKey: ['network-preview', asked],
    queryFn: () => sendJson<NetworkPreview>('POST', '/api/v1/networks/preview', asked),
    enabled: asked.every((wish) => validNetwork(wish.network)),
    placeholderData: (before) => before,
  });
  const apply = useMutation({
    mutationFn: () => sendJson<unknown>('PUT', '/api/v1/networks', wishes),
    onSuccess: () => {
      void queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      wide
      title={say('network.title')}
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="button"
            disabled={!preview.data}
            onClick={() => void navigator.clipboard.writeText(preview.data?.yaml ?? '')}
          >
            <Copy size={14} aria-hidden="true" />
            {say('action.copyYaml')}
          </button>
          <span className="grow" />
          <button type="button" className="button" onClick={onClose}>
            {say('action.cancel')}
          </button>
          {admin && (
            <button
              type="button"
              className="button primary"
              disabled={!valid || !changed || apply.isPending}
              onClick={() => apply.mutate()}
            >
              <Upload size={14} aria-hidden="true" />
              {say('action.apply')}
            </button>
          )}
        </>
      }
    >
      <div className="stack gap-3">
        {!admin && <Banner severity="info">{say('config.readOnly')}</Banner>}
        {apply.error && <Banner severity="error">{apply.error.message}</Banner>}
        <div className="network-dialog">
          <Wishes wishes={wishes} onChange={setWishes} />
          <div className="stack gap-3" aria-live="polite">
            {preview.error && <Banner severity="error">{preview.error.message}</Banner>}
            {preview.data ? (
              <Preview preview={preview.data} clusters={wishes.map((wish) => wish.cluster)} />
            ) : (
              !preview.error && <Loading />
            )}
          </div>
        </div>
      </div>
    </Dialog>
  );
}

function Wishes({ wishes, onChange }: { wishes: NetworkWish[]; onChange: (wishes: NetworkWish[]) => void }) {
  const say = useSay();
  const names = [...new Set(wishes.map((wish) => wish.network).filter(validNetwork))];
  const change = (cluster: string, part: Partial<NetworkWish>) =>
    onChange(wishes.map((wish) => (wish.cluster === cluster ? { ...wish, ...part } : wish)));
  return (
    <div className="wish-grid">
      <span className="heading">{say('column.cluster')}</span>
      <span className="heading">{say('network.homing')}</span>
      <span className="heading">{say('network.access')}</span>
      {wishes.map((wish) => (
        <WishRow key={wish.cluster} wish={wish} onChange={(part) => change(wish.cluster, part)} />
      ))}
      <datalist id="networks">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  );
}

function WishRow({ wish, onChange }: { wish: NetworkWish; onChange: (part: Partial<NetworkWish>) => void }) {
  const say = useSay();
  const valid = validNetwork(wish.network);
  return (
    <>
      <span>
        <strong>{wish.cluster}</strong>
      </span>
      <div>
        <input
          className="input"
          list="networks"
          aria-label={say('network.homingOf', { cluster: wish.cluster })}
          aria-invalid={!valid}
          value={wish.network}
          onChange={(event) => onChange({ network: event.target.value })}
        />
        {!valid && (
          <p className="field-error" role="alert">
            {say('network.invalid')}
          </p>
        )}
      </div>
      <span>
        <Switch
          checked={wish.crossClusterProxy}
          onChange={(crossClusterProxy) => onChange({ crossClusterProxy })}
          label={say('network.accessIn', { cluster: wish.cluster })}
        />
      </span>
    </>
  );
}

const WAY_ICONS = { local: Minus, direct: Check, gateway: ArrowLeftRight, none: CircleSlash };
const WAY_TONES = { local: 'dim', direct: 'tone-ok', gateway: 'tone-cross', none: 'tone-failure' };

function Preview({ preview, clusters }: { preview: NetworkPreview; clusters: readonly string[] }) {
  const say = useSay();
  const way = (from: string, to: string) =>
    preview.paths.find((path) => path.from === from && path.to === to);
  return (
    <>
      <div className="table-frame">
        <table className="matrix" data-testid="matrix">
          <caption className="hidden">{say('network.matrix')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('network.fromTo')}</th>
              {clusters.map((cluster) => (
                <th key={cluster} scope="col">
                  {cluster}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {clusters.map((from) => (
              <tr key={from}>
                <th scope="row">{from}</th>
                {clusters.map((to) => (
                  <td key={to}>
                    <Way path={way(from, to)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <section>
        <h3>{say('network.consequences')}</h3>
        {preview.consequences.length === 0 && <p className="dim">{say('network.noConsequences')}</p>}
        <ul className="plain">
          {preview.consequences.map((sentence) => (
            <li key={sentence.code + JSON.stringify(sentence.args)} className="row">
              <SeverityIcon severity={sentence.severity} />
              <span>{sentenceText(sentence, say)}</span>
            </li>
          ))}
        </ul>
      </section>
      {preview.yaml && (
        <details>
          <summary>{say('network.yaml')}</summary>
          <pre className="yaml" tabIndex={0}>
            {preview.yaml}
          </pre>
        </details>
      )}
    </>
  );
}

function Way({ path }: { path: NetworkPath | undefined }) {
  const say = useSay();
  if (!path) return <span className="dim">–</span>;
  const Icon = WAY_ICONS[path.way];
  return (
    <span className={`way ${WAY_TONES[path.way]}`} title={path.reason}>
      <Icon size={13} aria-hidden="true" />
      {say.code(`way.${path.way}`)}
    </span>
  );
}
