import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { get } from './api/client';
import { token } from './api/token';
import type { Session } from './api/types';
import { Shell } from './shell/Shell';
import { SignIn } from './shell/SignIn';
import { SessionContext } from './session';
import { TopologyPage } from './topology/TopologyPage';
import { Failure, Loading } from './ui/states';
import { readTestMode, TestMode } from './view';
import { NotFound } from './pages/NotFound';

const ClustersPage = lazy(() => import('./pages/clusters/ClustersPage'));
const ServicesPage = lazy(() => import('./pages/services/ServicesPage'));
const ServicePage = lazy(() => import('./pages/services/ServicePage'));
const WorkloadsPage = lazy(() => import('./pages/workloads/WorkloadsPage'));
const WorkloadPage = lazy(() => import('./pages/workloads/WorkloadPage'));
const ConfigPage = lazy(() => import('./pages/config/ConfigPage'));
const ObjectPage = lazy(() => import('./pages/config/ObjectPage'));
const ProxiesPage = lazy(() => import('./pages/proxies/ProxiesPage'));
const ProxyPage = lazy(() => import('./pages/proxies/ProxyPage'));
const CertificatesPage = lazy(() => import('./pages/CertificatesPage'));
const EventsPage = lazy(() => import('./pages/EventsPage'));
const ExplainPage = lazy(() => import('./pages/explain/ExplainPage'));

export function App() {
  const [test] = useState(readTestMode);
  const held = useSyncExternalStore(token.subscribe, token.get);
  return (
    <TestMode value={test}>
      {held ? <SignedIn key={held} /> : <SignIn rejected={token.wasRejected()} />}
    </TestMode>
  );
}

function SignedIn() {
  const queries = useQueryClient();
  // What one user was answered is not for the next.
  useEffect(() => () => queries.clear(), [queries]);
  const session = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => get<Session>('/api/v1/session', signal),
    refetchInterval: 30_000,
  });
  if (session.data) {
    return (
      <SessionContext value={session.data}>
        <Shell>
          <Suspense fallback={<Loading />}>
            <Pages />
          </Suspense>
        </Shell>
      </SessionContext>
    );
  }
  return session.error ? (
    <Failure error={session.error} retry={() => void session.refetch()} whole />
  ) : (
    <Loading whole />
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/topology" component={TopologyPage} />
      <Route path="/clusters" component={ClustersPage} />
      <Route path="/services" component={ServicesPage} />
      <Route path="/services/:namespace/:name" component={ServicePage} />
      <Route path="/workloads" component={WorkloadsPage} />
      <Route path="/workloads/:cluster/:namespace/:name" component={WorkloadPage} />
      <Route path="/config" component={ConfigPage} />
      <Route path="/config/new" component={ObjectPage} />
      <Route path="/config/:kind/:namespace/:name" component={ObjectPage} />
      <Route path="/proxies" component={ProxiesPage} />
      <Route path="/proxies/:id" component={ProxyPage} />
      <Route path="/certificates" component={CertificatesPage} />
      <Route path="/events" component={EventsPage} />
      <Route path="/explain" component={ExplainPage} />
      <Route path="/o/:cluster/:namespace/service/:name">
        {({ namespace, name }) => <Redirect to={`/services/${namespace}/${name}`} replace />}
      </Route>
      <Route path="/o/:cluster/:namespace/workload/:name">
        {({ cluster, namespace, name }) => (
          <Redirect to={`/workloads/${cluster}/${namespace}/${name}`} replace />
        )}
      </Route>
      <Route path="/">
        <Redirect to={`/topology${location.search}`} replace />
      </Route>
      <Route component={NotFound} />
    </Switch>
  );
}
