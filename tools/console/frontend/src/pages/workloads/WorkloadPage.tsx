import { Workflow } from 'lucide-react';
import { Link, useParams } from 'wouter';
import { useWorkload } from '../../api/queries';
import { useSay } from '../../i18n';
import { Findings } from '../../ui/Findings';
import { ObjectLink } from '../../ui/ObjectLink';
import { Failure, Loading } from '../../ui/states';
import { StatusText } from '../../ui/Status';
import { useHref } from '../../view';
import { EdgesTable } from '../EdgesTable';
import { Page } from '../Page';
import { Pods } from './Pods';
import { readiness } from './WorkloadsPage';

export default function WorkloadPage() {
  const say = useSay();
  const href = useHref();
  const {
    cluster = '',
    namespace = '',
    name = '',
  } = useParams<{ cluster: string; namespace: string; name: string }>();
  const detail = useWorkload(cluster, namespace, name);
  if (detail.error && !detail.data)
    return <Failure error={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Loading />;
  const { workload, pods, services, findings } = detail.data;
  return (
    <Page
      title={name}
      back={{ path: '/workloads', title: say('page.workloads') }}
      badges={
        <>
          <span className="tag">{cluster}</span>
          <span className="tag">{namespace}</span>
          {workload.version && <span className="tag">{workload.version}</span>}
          <StatusText status={readiness(workload)}>
            {say('graph.readyOf', { ready: workload.ready, pods: workload.pods })}
          </StatusText>
        </>
      }
      actions={
        <Link className="button" href={href('/topology', { selection: `n:${cluster}/${namespace}/${name}` })}>
          <Workflow size={14} aria-hidden="true" />
          {say('action.onTopology')}
        </Link>
      }
    >
      <Findings findings={findings} />
      <section className="stack">
        <h2>{say('workload.pods')}</h2>
        <Pods pods={pods} />
      </section>
      {services.length > 0 && (
        <section className="stack">
          <h2>{say('page.services')}</h2>
          <div className="row wrap">
            {services.map((service) => (
              <ObjectLink key={`${service.namespace}/${service.name}`} object={service} />
            ))}
          </div>
        </section>
      )}
      <section className="stack">
        <h2>{say('panel.in')}</h2>
        <EdgesTable caption={say('panel.in')} edges={detail.data.in} end="source" />
      </section>
      <section className="stack">
        <h2>{say('panel.out')}</h2>
        <EdgesTable caption={say('panel.out')} edges={detail.data.out} end="target" />
      </section>
    </Page>
  );
}
