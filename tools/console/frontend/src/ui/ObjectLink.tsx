import { Link } from 'wouter';
import { segment } from '../api/client';
import type { ObjectRef } from '../api/types';
import { useHref } from '../view';

const OWN_PAGES: Record<string, (object: ObjectRef) => string> = {
  Service: ({ namespace, name }) => `/services/${segment(namespace)}/${segment(name)}`,
  Deployment: ({ cluster, namespace, name }) =>
    `/workloads/${segment(cluster)}/${segment(namespace)}/${segment(name)}`,
};

export function ObjectLink({ object }: { object: ObjectRef }) {
  const href = useHref();
  const { kind, namespace, name } = object;
  const page = OWN_PAGES[kind]?.(object) ?? `/config/${segment(kind)}/${segment(namespace)}/${segment(name)}`;
  return (
    <Link className="object-link" href={href(page)}>
      <span className="kind">{kind}</span>
      {namespace ? `${namespace}/${name}` : name}
    </Link>
  );
}
