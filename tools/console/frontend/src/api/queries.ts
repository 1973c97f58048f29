import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { get, path, segment } from './client';
import type {
  CertificateView,
  ClusterView,
  ConfigDetail,
  ConfigRow,
  MeshEvent,
  ProxyDetail,
  ProxyRow,
  ServiceDetail,
  ServiceRow,
  Strip,
  WorkloadDetail,
  WorkloadRow,
} from './types';

const OFTEN = 5000;
const SELDOM = 30_000;

function useGet<T>(address: string, every: number, enabled = true): UseQueryResult<T> {
  return useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<T>(address, signal),
    refetchInterval: every,
    enabled,
  });
}

export const useClusters = () => useGet<ClusterView[]>('/api/v1/clusters', OFTEN);
export const useServices = (enabled = true) => useGet<ServiceRow[]>('/api/v1/services', OFTEN, enabled);
export const useWorkloads = (enabled = true) => useGet<WorkloadRow[]>('/api/v1/workloads', OFTEN, enabled);
export const useConfig = (enabled = true) => useGet<ConfigRow[]>('/api/v1/config', OFTEN, enabled);
export const useProxies = () => useGet<ProxyRow[]>('/api/v1/proxies', OFTEN);
export const useCertificates = () => useGet<CertificateView[]>('/api/v1/certificates', SELDOM);
export const useEvents = (limit: number) => useGet<MeshEvent[]>(path('/api/v1/events', { limit }), OFTEN);

export const useService = (namespace: string, name: string) =>
  useGet<ServiceDetail>(
    `/api/v1/services/${segment(namespace)}/${segment(name)}`,
    OFTEN,
    !!namespace && !!name,
  );
export const useWorkload = (cluster: string, namespace: string, name: string) =>
  useGet<WorkloadDetail>(
    `/api/v1/workloads/${segment(cluster)}/${segment(namespace)}/${segment(name)}`,
    OFTEN,
    !!cluster && !!name,
  );
export const useProxy = (id: string) => useGet<ProxyDetail>(`/api/v1/proxies/${segment(id)}`, OFTEN);
export const useObject = (kind: string, namespace: string, name: string) =>
  useQuery({
    queryKey: ['object', kind, namespace, name],
    queryFn: ({ signal }) =>
      get<ConfigDetail>(
        `/api/v1/config/${segment(kind)}/${segment(namespace || '-')}/${segment(name)}`,
        signal,
      ),
    enabled: !!name,
  });

export function useStrip(from: string, to: string, step: number): UseQueryResult<Strip> {
  return useQuery({
    queryKey: ['strip', from, to, step],
    queryFn: ({ signal }) => get<Strip>(path('/api/v1/topology/strip', { from, to, step }), signal),
    placeholderData: (before) => before,
  });
}
