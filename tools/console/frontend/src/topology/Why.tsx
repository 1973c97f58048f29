import { useQuery } from '@tanstack/react-query';
import { Route } from 'lucide-react';
import { Link } from 'wouter';
import { get, path } from '../api/client';
import type { Explanation } from '../api/explanation';
import { useService, useWorkload } from '../api/queries';
import type { PictureNode } from '../api/types';
import { useSay } from '../i18n';
import { ExplanationView } from '../pages/explain/ExplanationView';
import { Empty, Failure, Loading } from '../ui/states';
import { useHref } from '../view';

export function partsOf(host: string): { name: string; namespace: string } {
  const [name = '', namespace = ''] = host.split('.');
  return { name, namespace };
}

/** Why requests for a service go where they go, as one of the client's pods is told. */
export function Why({ host, client }: { host: string; client: PictureNode | undefined }) {
  const say = useSay();
  const href = useHref();
  const { name, namespace } = partsOf(host);
  const workload = useWorkload(client?.cluster ?? '', client?.namespace ?? '', client?.name ?? '');
  const service = useService(namespace, name);
  const pod = workload.data?.pods.find((candidate) => candidate.injected) ?? workload.data?.pods[0];
  const port = service.data?.service.ports[0]?.number;
  const address = path('/api/v1/explain', {
    service: `${name}.${namespace}:${port ?? ''}`,
    from: pod && client ? `${pod.name}.${client.namespace}` : '',
    cluster: client?.cluster,
  });
  const explanation = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<Explanation>(address, signal),
    enabled: pod !== undefined && port !== undefined,
  });
  if (!host || !client?.cluster) return <Empty icon={Route} title={say('why.outside')} />;
  const error = explanation.error ?? workload.error ?? service.error;
  if (error) return <Failure error={error} />;
  if (workload.data && !pod) return <Empty icon={Route} title={say('why.noPod')} />;
  if (!explanation.data || !pod) return <Loading />;
  return (
    <div className="stack gap-3">
      <p className="dim">{say('why.from', { pod: pod.name, cluster: client.cluster })}</p>
      <ExplanationView explanation={explanation.data} />
      <Link className="button" href={href('/explain')}>
        <Route size={14} aria-hidden="true" />
        {say('why.request')}
      </Link>
    </div>
  );
}
