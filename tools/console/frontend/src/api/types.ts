// The shapes of the console's API: what tools/topology and tools/console serialise, field by field. All times are ISO instants, all rates per second, all shares 0..1.

// ---------------------------------------------------------------- topology: GET /api/v1/topology?window=60&at=&level=&clusters=&namespaces=&services=&boxes=&idle=
export interface Picture {
  structure: string; // hash of what is drawn and where: equal hashes, equal coordinates
  at: string;
  windowMillis: number;
  source: SourceState;
  width: number;
  height: number;
  clusters: ClusterBox[]; // all registered clusters, empty ones too, and unregistered ones seen in traffic
  namespaces: NamespaceBox[];
  nodes: PictureNode[];
  edges: PictureEdge[];
  sentences: Sentence[]; // what happens, most important first
  reduced: string; // '' or why a coarser level than asked for is shown: 'too-many-nodes'
  level: Level; // that is shown
}
export type Level = 'workload' | 'namespace' | 'cluster';
export interface SourceState { kind: 'embedded' | 'prometheus'; state: 'ok' | 'partial' | 'failed' | 'empty'; message: string; newest: string /* instant or '' */ }
export interface Bounds { x: number; y: number; width: number; height: number } // absolute
export interface Point { x: number; y: number }
export type ClusterState = 'synced' | 'syncing' | 'lost' | 'last-known' | 'rejected' | 'unregistered';
export interface ClusterBox {
  id: string; network: string; state: ClusterState; region: string; zones: string[]; gateways: GatewayChip[]; bounds: Bounds; // gateways: cross-cluster ones, on the border
  rateIn: number; rateOut: number; // across its border
}
export interface GatewayChip { name: string; addresses: string[]; pods: number; ready: number; at: Point }
export interface NamespaceBox { id: string /* cluster/namespace */; cluster: string; namespace: string; bounds: Bounds }
export type NodeKind = 'workload' | 'service' | 'gateway' | 'outside' | 'namespace' | 'cluster';
export type Status = 'ok' | 'degraded' | 'failure' | 'idle' | 'notReady';
export type Mark = 'routing' | 'breaker' | 'noSidecar' | 'stale' | 'finding';
export interface PictureNode {
  id: string; // cluster/namespace/workload; 'svc:cluster/namespace/service'; 'outside'
  kind: NodeKind; cluster: string; namespace: string; name: string; app: string; version: string;
  pods: number; ready: number; ghost: boolean; status: Status; marks: Mark[]; bounds: Bounds; // empty slots are not sent
}
export interface PictureEdge {
  id: string; source: string; target: string; service: string; // host name
  protocol: 'HTTP' | 'GRPC' | 'TCP'; path: 'LOCAL' | 'DIRECT' | 'GATEWAY' | 'UNKNOWN'; gateway: string; // address where path is GATEWAY
  rate: number; share: number; failed: number; noResponse: number; codes: CodeRate[];
  meanMillis: number; p50Millis: number | null; p95Millis: number | null; p99Millis: number | null;
  sentBytes: number; receivedBytes: number; mutualTls: number;
  clientRate: number | null; serverRate: number | null; // as each end counted it
  status: Status; ghost: boolean; points: Point[]; // from source to target, bends between
}
export interface CodeRate { code: number; flags: string; rate: number }
export type Severity = 'info' | 'warning' | 'error';
export interface Sentence { code: string; args: Record<string, string>; severity: Severity; nodes: string[]; edges: string[] } // said in the user's language by code: see below
// GET /api/v1/topology/stream?...: server-sent events 'picture' (Picture) every 5 s and 'events' (MeshEvent[]); read with fetch, since a header carries the token
// GET /api/v1/topology/strip?from=&to=&step=30
export interface Strip { step: number; frames: StripFrame[] }
export interface StripFrame { at: string; rate: number; failed: number; events: number }

// ---------------------------------------------------------------- events: GET /api/v1/events?since=&limit=
export interface MeshEvent { id: number; at: string; kind: 'endpoints' | 'traffic' | 'cluster' | 'config' | 'proxy' | 'certificate' | 'gateway'; severity: Severity; code: string; args: Record<string, string>; nodes: string[] }

// ---------------------------------------------------------------- session: GET /api/v1/session (Authorization: Bearer TOKEN)
export interface Session { user: string; role: 'reader' | 'admin'; mesh: string; version: string; configContext: string; clusters: string[]; namespaces: string[]; source: SourceState }
export interface Problem { error: string; code: string } // every refusal: 400, 401, 403, 404, 409, 503

// ---------------------------------------------------------------- clusters: GET /api/v1/clusters
export interface ClusterView {
  id: string; state: ClusterState; message: string; server: string; secret: string; version: string; network: string; region: string; zones: string[];
  crossClusterProxy: CrossClusterProxyView; services: number; endpoints: number; workloads: number; proxies: ProxyCounts; conditions: ConditionView[];
}
export interface CrossClusterProxyView { enabled: boolean; gateway: string; addresses: string[]; readyReplicas: number }
export interface ProxyCounts { connected: number; synced: number }
export interface ConditionView { type: string; status: string; reason: string; message: string; since: string }
// POST /api/v1/networks/preview, PUT /api/v1/networks (admin): body NetworkWish[]
export interface NetworkWish { cluster: string; network: string; crossClusterProxy: boolean }
export interface NetworkPreview { paths: NetworkPath[]; consequences: Sentence[]; yaml: string }
export interface NetworkPath { from: string; to: string; way: 'local' | 'direct' | 'gateway' | 'none'; reason: string }

// ---------------------------------------------------------------- services, workloads
// GET /api/v1/services?namespace=
export interface ServiceRow { namespace: string; name: string; host: string; clusters: EndpointCount[]; ports: PortView[]; rate: number; failed: number; meanMillis: number; findings: number; mutualTls: number }
export interface EndpointCount { cluster: string; ready: number; total: number }
export interface PortView { number: number; name: string; protocol: string }
// GET /api/v1/services/{namespace}/{name}
export interface ServiceDetail { service: ServiceRow; virtualAddresses: Record<string, string[]>; meshAddress: string; endpoints: EndpointRow[]; rules: ObjectRef[]; subsets: SubsetView[]; callers: PictureEdge[]; findings: Finding[] }
export interface EndpointRow { cluster: string; network: string; locality: string; address: string; workload: string; pod: string; ready: boolean; port: number; version: string }
export interface SubsetView { name: string; labels: Record<string, string>; endpoints: number }
export interface ObjectRef { kind: string; namespace: string; name: string; cluster: string }
// GET /api/v1/workloads?namespace=
export interface WorkloadRow { cluster: string; namespace: string; name: string; app: string; version: string; pods: number; ready: number; injected: number; rateIn: number; rateOut: number; failed: number }
// GET /api/v1/workloads/{cluster}/{namespace}/{name}
export interface WorkloadDetail { workload: WorkloadRow; pods: PodRow[]; in: PictureEdge[]; out: PictureEdge[]; services: ObjectRef[]; findings: Finding[] }
export interface PodRow { name: string; address: string; node: string; locality: string; ready: boolean; injected: boolean; identity: string; labels: Record<string, string>; proxy: string /* id or '' */ }

// ---------------------------------------------------------------- configuration
// GET /api/v1/config?kind=&namespace=
export interface ConfigRow { kind: string; apiVersion: string; namespace: string; name: string; created: string; findings: number; worst: Severity | '' }
// GET /api/v1/config/{kind}/{namespace}/{name}
export interface ConfigDetail { row: ConfigRow; yaml: string; findings: Finding[]; references: ObjectRef[] }
export interface Finding { code: string; type: string; severity: Severity; object: ObjectRef; path: string; message: string; line: number /* in yaml, 0 where unknown */; wayOut: string }
// POST /api/v1/config/check (body: YAML text) -> Finding[]   ;  PUT /api/v1/config?dryRun=true|false (admin; body: YAML of one object) -> ConfigDetail
// DELETE /api/v1/config/{kind}/{namespace}/{name} (admin)

// ---------------------------------------------------------------- proxies: GET /api/v1/proxies
export interface ProxyRow { id: string; cluster: string; namespace: string; workload: string; version: string; connectedSince: string; controlPlane: string; types: TypeState[] }
export interface TypeState { type: string /* CDS LDS RDS EDS SDS NDS */; state: 'synced' | 'pending' | 'rejected' | 'never'; message: string; sent: string; acknowledged: string }
// GET /api/v1/proxies/{id}
export interface ProxyDetail { proxy: ProxyRow; listeners: unknown[]; routes: unknown[]; clusters: unknown[]; endpoints: unknown[]; differences: ResourceDifference[] }
export interface ResourceDifference { type: string; name: string; kind: 'only-generated' | 'only-held' | 'other' ; message: string }

// ---------------------------------------------------------------- certificates: GET /api/v1/certificates
export interface CertificateView { role: 'root' | 'intermediate' | 'workload' | 'gateway' | 'webhook'; cluster: string; subject: string; identity: string; serial: string; algorithm: string; notBefore: string; notAfter: string; issuer: string; renewal: string; secret: string }

// ---------------------------------------------------------------- explain and what-if
// GET /api/v1/explain?service=NAME.NS:PORT&from=POD.NS&cluster=&subset=  -> Explanation (see control/explain/Explanation.java as it is)
// POST /api/v1/explain/request: body RequestQuestion -> RequestStory
export interface RequestQuestion { log: string; from: string; cluster: string; method: string; host: string; path: string; headers: Record<string, string> } // log: one access-log line, or '' and the others
export interface RequestStory { question: RequestQuestion; steps: StoryStep[]; outcome: Outcome; destinations: StoryDestination[] }
export interface StoryStep { code: string; args: Record<string, string>; object: ObjectRef | null; text: string /* English */ }
export interface Outcome { kind: 'forwarded' | 'answered' | 'redirected' | 'noRoute' | 'noEndpoint' | 'denied'; status: number; flags: string; text: string }
export interface StoryDestination { service: string; subset: string; share: number; places: Portion[] }
export interface Portion { place: string /* node id, '' for nowhere (fails) */; share: number; rate: number; path: 'LOCAL' | 'DIRECT' | 'GATEWAY' | 'UNKNOWN'; address: string }
// POST /api/v1/whatif: body Loss -> Prediction
export interface Loss { kind: 'cluster' | 'zone' | 'gateway' | 'workload'; cluster: string; name: string /* zone, gateway's network, or namespace/workload */ }
export interface Prediction { loss: Loss; windowMillis: number; edges: PredictedEdge[]; broken: PredictedEdge[]; sentences: Sentence[] }
export interface PredictedEdge { source: string; service: string; rate: number; before: Portion[]; after: Portion[]; reason: string }
