import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CheckCheck, Copy, Trash2, Upload } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { path, segment, send, sendYaml } from '../../api/client';
import { useObject } from '../../api/queries';
import type { ConfigDetail, Finding } from '../../api/types';
import { useSay } from '../../i18n';
import { useAdmin } from '../../session';
import { Dialog } from '../../ui/Dialog';
import { Findings } from '../../ui/Findings';
import { ObjectLink } from '../../ui/ObjectLink';
import { Banner, Failure, Loading } from '../../ui/states';
import { pageOf, useHref } from '../../view';
import { Page } from '../Page';

const Editor = lazy(() => import('./Editor'));

const CHECK_AFTER_MILLIS = 400;
const STARTER = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: example
  namespace: default
spec:
  hosts:
    - example
  http:
    - route:
        - destination:
            host: example
`;

export default function ObjectPage() {
  const {
    kind = '',
    namespace = '',
    name = '',
  } = useParams<{ kind: string; namespace: string; name: string }>();
  const detail = useObject(kind, namespace, name);
  if (!name) return <ObjectEditor detail={undefined} />;
  if (detail.error && !detail.data)
    return <Failure error={detail.error} retry={() => void detail.refetch()} />;
  return detail.data ? (
    <ObjectEditor key={`${kind}/${namespace}/${name}`} detail={detail.data} />
  ) : (
    <Loading />
  );
}

function ObjectEditor({ detail }: { detail: ConfigDetail | undefined }) {
  const say = useSay();
  const admin = useAdmin();
  const queries = useQueryClient();
  const href = useHref();
  const [, navigate] = useLocation();
  const original = detail?.yaml ?? STARTER;
  const [yaml, setYaml] = useState(original);
  const [line, setLine] = useState({ line: 0 });
  const [deleting, setDeleting] = useState(false);
  const findings = useCheck(yaml, original, detail?.findings);
  const write = useMutation({
    mutationFn: (dryRun: boolean) => sendYaml<ConfigDetail>('PUT', path('/api/v1/config', { dryRun }), yaml),
    onSuccess: (result, dryRun) => {
      if (dryRun) return;
      void queries.invalidateQueries();
      const { kind, namespace, name } = result.row;
      if (!detail) navigate(href(pageOf('config', kind, namespace, name)));
    },
  });
  const row = detail?.row;
  return (
    <Page
      title={row?.name ?? say('config.newTitle')}
      back={{ path: '/config', title: say('page.config') }}
      badges={
        row && (
          <>
            <span className="kind">{row.kind}</span>
            {row.namespace && <span className="tag">{row.namespace}</span>}
          </>
        )
      }
      actions={
        <div className="filters">
          {row && admin && (
            <button type="button" className="button danger" onClick={() => setDeleting(true)}>
              <Trash2 size={14} aria-hidden="true" />
              {say('action.delete')}
            </button>
          )}
          <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(yaml)}>
            <Copy size={14} aria-hidden="true" />
            {say('action.copyYaml')}
          </button>
          {admin && (
            <>
              <button
                type="button"
                className="button"
                disabled={write.isPending}
                onClick={() => write.mutate(true)}
              >
                <CheckCheck size={14} aria-hidden="true" />
                {say('action.dryRun')}
              </button>
              <button
                type="button"
                className="button primary"
                disabled={write.isPending || (detail !== undefined && yaml === original)}
                onClick={() => write.mutate(false)}
              >
                <Upload size={14} aria-hidden="true" />
                {say('action.apply')}
              </button>
            </>
          )}
        </div>
      }
    >
      {!admin && <Banner severity="info">{say('config.readOnly')}</Banner>}
      {write.error && <Banner severity="error">{write.error.message}</Banner>}
      {write.isSuccess && (
        <Banner severity="info">{say(write.variables ? 'config.dryRunDone' : 'config.applied')}</Banner>
      )}
      <div className="editor-page">
        <Suspense fallback={<Loading />}>
          <Editor
            value={yaml}
            readOnly={!admin}
            findings={findings}
            line={line}
            label={say('config.yaml')}
            onChange={setYaml}
          />
        </Suspense>
        <aside className="stack gap-3">
          {findings.length === 0 ? (
            <p className="dim">{say('findings.none')}</p>
          ) : (
            <Findings findings={findings} onLine={(next) => setLine({ line: next })} />
          )}
          {detail && detail.references.length > 0 && (
            <section>
              <h2>{say('config.references')}</h2>
              <ul className="plain">
                {detail.references.map((reference) => (
                  <li key={`${reference.kind} ${reference.namespace}/${reference.name}`}>
                    <ObjectLink object={reference} />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </aside>
      </div>
      {deleting && detail && <Deletion detail={detail} onClose={() => setDeleting(false)} />}
    </Page>
  );
}

/** What the server's validation says of the text, once typing pauses. */
function useCheck(yaml: string, original: string, known: readonly Finding[] | undefined): readonly Finding[] {
  const check = useMutation({
    mutationFn: (text: string) => sendYaml<Finding[]>('POST', '/api/v1/config/check', text),
  });
  const { mutate } = check;
  useEffect(() => {
    if (known && yaml === original) return undefined;
    const timer = setTimeout(() => mutate(yaml), CHECK_AFTER_MILLIS);
    return () => clearTimeout(timer);
  }, [yaml, original, known, mutate]);
  return (yaml === original ? known : undefined) ?? check.data ?? [];
}

function Deletion({ detail, onClose }: { detail: ConfigDetail; onClose: () => void }) {
  const say = useSay();
  const href = useHref();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { kind, namespace, name } = detail.row;
  const remove = useMutation({
    mutationFn: () =>
      send(`/api/v1/config/${segment(kind)}/${segment(namespace || '-')}/${segment(name)}`, {
        method: 'DELETE',
      }),
    onSuccess: () => {
      void queries.invalidateQueries();
      navigate(href('/config'));
    },
  });
  return (
    <Dialog
      title={say('config.deleteTitle', { name })}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {say('action.cancel')}
          </button>
          <button
            type="button"
            className="button danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
          >
            <Trash2 size={14} aria-hidden="true" />
            {say('action.delete')}
          </button>
        </>
      }
    >
      <p>{say('config.deleteText', { kind, object: namespace ? `${namespace}/${name}` : name })}</p>
      {remove.error && <Banner severity="error">{remove.error.message}</Banner>}
    </Dialog>
  );
}
