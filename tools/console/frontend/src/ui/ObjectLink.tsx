import { Link } from 'wouter';
import type { ObjectRef } from '../api/types';
import { pageOf, useHref } from '../view';

const OWN_PAGES: Record<string, (object: ObjectRef) => string> = {
  Service: ({ namespace, name }) => pageOf('services', namespace, name),
  Deployment: ({ cluster, namespace, name }) => pageOf('workloads', cluster, namespace, name),
};

export function ObjectLink({ object }: { object: ObjectRef }) {
  const href = useHref();
  const { kind, namespace, name } = object;
  const page = OWN_PAGES[kind]?.(object) ?? pageOf('config', kind, namespace, name);
  return (
    <Link className="object-link" href={href(page)}>
      <span className="kind">{kind}</span>
      {namespace ? `${namespace}/${name}` : name}
    </Link>
  );
}
