import { useView } from '../view';

/** Whether something is in the scope that was chosen in the top bar; an empty cluster or namespace stands for all. */
export function useInScope(): (cluster: string, namespace: string) => boolean {
  const [{ clusters, namespaces }] = useView();
  return (cluster, namespace) =>
    (clusters.length === 0 || cluster === '' || clusters.includes(cluster)) &&
    (namespaces.length === 0 || namespace === '' || namespaces.includes(namespace));
}
