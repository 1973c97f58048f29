// What the console's API answers. Made of the Java records of tools/console and its like by
// TypeScriptTest, which -Dgolden.update=true writes it anew with. Times are ISO instants,
// empty where there is none; rates are per second; shares are between 0 and 1.

export interface Picture {
  structure: string;
  at: string;
  windowMillis: number;
  source: SourceState;
  width: number;
  height: number;
  clusters: ClusterBox[];
  namespaces: NamespaceBox[];
  nodes: PictureNode[];
  edges: PictureEdge[];
  sentences: Sentence[];
  reduced: string;
  level: Level;
}

export interface Strip {
  step: number;
  frames: StripFrame[];
}

export interface MeshEvent {
  id: number;
  at: string;
  kind: Kind;
  severity: Severity;
  code: string;
  args: Record<string, string>;
  nodes: string[];
}

export interface Session {
  user: string;
  role: Role;
  mesh: string;
  version: string;
  configContext: string;
  clusters: string[];
  namespaces: string[];
  source: SourceState;
}

export interface Problem {
  error: string;
  code: string;
}

export interface ClusterView {
  id: string;
  state: ClusterState;
  message: string;
  server: string;
  secret: string;
  version: string;
  network: string;
  region: string;
  zones: string[];
  crossClusterProxy: CrossClusterProxyView;
  services: number;
  endpoints: number;
  workloads: number;
  proxies: ProxyCounts;
  conditions: ConditionView[];
}

export interface NetworkWish {
  cluster: string;
  network: string;
  crossClusterProxy: boolean;
}

export interface NetworkPreview {
  paths: NetworkPath[];
  consequences: Sentence[];
  yaml: string;
}

export interface ServiceDetail {
  service: ServiceRow;
  virtualAddresses: Record<string, string[]>;
  meshAddress: string;
  endpoints: EndpointRow[];
  rules: ObjectRef[];
  subsets: SubsetView[];
  callers: PictureEdge[];
  findings: Finding[];
}

export interface WorkloadDetail {
  workload: WorkloadRow;
  pods: PodRow[];
  in: PictureEdge[];
  out: PictureEdge[];
  services: ObjectRef[];
  findings: Finding[];
}

export interface ConfigDetail {
  row: ConfigRow;
  yaml: string;
  findings: Finding[];
  references: ObjectRef[];
}

export interface ProxyDetail {
  proxy: ProxyRow;
  listeners: unknown[];
  routes: unknown[];
  clusters: unknown[];
  endpoints: unknown[];
  differences: ResourceDifference[];
}

export interface CertificateView {
  role: CertificateRole;
  cluster: string;
  subject: string;
  identity: string;
  serial: string;
  algorithm: string;
  notBefore: string;
  notAfter: string;
  issuer: string;
  renewal: string;
  secret: string;
}

export interface RequestQuestion {
  log: string;
  from: string;
  cluster: string;
  method: string;
  host: string;
  path: string;
  headers: Record<string, string>;
}

export interface RequestStory {
  question: RequestQuestion;
  steps: Step[];
  outcome: Outcome;
  destinations: Destination[];
}

export interface Loss {
  kind: LossKind;
  cluster: string;
  name: string;
}

export interface Prediction {
  loss: Loss;
  windowMillis: number;
  edges: Moved[];
  broken: Moved[];
  sentences: Sentence[];
}

export interface SourceState {
  kind: SourceStateKind;
  state: Health;
  message: string;
  newest: string;
}

export interface ClusterBox {
  id: string;
  network: string;
  state: ClusterState;
  region: string;
  zones: string[];
  gateways: GatewayChip[];
  bounds: Bounds;
  rateIn: number;
  rateOut: number;
}

export interface NamespaceBox {
  id: string;
  cluster: string;
  namespace: string;
  bounds: Bounds;
}

export interface PictureNode {
  id: string;
  kind: NodeKind;
  cluster: string;
  namespace: string;
  name: string;
  app: string;
  version: string;
  pods: number;
  ready: number;
  ghost: boolean;
  status: Status;
  marks: Mark[];
  bounds: Bounds;
}

export interface PictureEdge {
  id: string;
  source: string;
  target: string;
  service: string;
  protocol: Protocol;
  path: Path;
  gateway: string;
  rate: number;
  share: number;
  failed: number;
  noResponse: number;
  codes: CodeRate[];
  meanMillis: number;
  p50Millis: number | null;
  p95Millis: number | null;
  p99Millis: number | null;
  sentBytes: number;
  receivedBytes: number;
  mutualTls: number;
  clientRate: number | null;
  serverRate: number | null;
  status: Status;
  ghost: boolean;
  points: Point[];
}

export interface Sentence {
  code: string;
  args: Record<string, string>;
  severity: Severity;
  nodes: string[];
  edges: string[];
}

export type Level = 'workload' | 'namespace' | 'cluster';

export interface StripFrame {
  at: string;
  rate: number;
  failed: number;
  events: number;
}

export type Kind = 'endpoints' | 'traffic' | 'cluster' | 'config' | 'proxy' | 'certificate' | 'gateway';

export type Severity = 'info' | 'warning' | 'error';

export type Role = 'reader' | 'admin';

export type ClusterState = 'synced' | 'syncing' | 'lost' | 'last-known' | 'rejected' | 'unregistered';

export interface CrossClusterProxyView {
  enabled: boolean;
  gateway: string;
  addresses: string[];
  readyReplicas: number;
}

export interface ProxyCounts {
  connected: number;
  synced: number;
}

export interface ConditionView {
  type: string;
  status: string;
  reason: string;
  message: string;
  since: string;
}

export interface NetworkPath {
  from: string;
  to: string;
  way: Way;
  reason: string;
}

export interface ServiceRow {
  namespace: string;
  name: string;
  host: string;
  clusters: EndpointCount[];
  ports: PortView[];
  rate: number;
  failed: number;
  meanMillis: number;
  findings: number;
  mutualTls: number;
}

export interface EndpointRow {
  cluster: string;
  network: string;
  locality: string;
  address: string;
  workload: string;
  pod: string;
  ready: boolean;
  port: number;
  version: string;
}

export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
  cluster: string;
}

export interface SubsetView {
  name: string;
  labels: Record<string, string>;
  endpoints: number;
}

export interface Finding {
  code: string;
  type: string;
  severity: Severity;
  object: ObjectRef;
  path: string;
  message: string;
  line: number;
  wayOut: string;
}

export interface WorkloadRow {
  cluster: string;
  namespace: string;
  name: string;
  app: string;
  version: string;
  pods: number;
  ready: number;
  injected: number;
  rateIn: number;
  rateOut: number;
  failed: number;
}

export interface PodRow {
  name: string;
  address: string;
  node: string;
  locality: string;
  ready: boolean;
  injected: boolean;
  identity: string;
  labels: Record<string, string>;
  proxy: string;
}

export interface ConfigRow {
  kind: string;
  apiVersion: string;
  namespace: string;
  name: string;
  created: string;
  findings: number;
  worst: Worst;
}

export interface ProxyRow {
  id: string;
  cluster: string;
  namespace: string;
  workload: string;
  version: string;
  connectedSince: string;
  controlPlane: string;
  types: TypeState[];
}

export interface ResourceDifference {
  type: string;
  name: string;
  kind: DifferenceKind;
  message: string;
}

export type CertificateRole = 'root' | 'intermediate' | 'workload' | 'gateway' | 'webhook';

export interface Step {
  code: string;
  args: Record<string, string>;
  object: Named | null;
  text: string;
}

export interface Outcome {
  kind: Ending;
  status: number;
  flags: string;
  text: string;
}

export interface Destination {
  service: string;
  subset: string;
  share: number;
  places: Portion[];
}

export type LossKind = 'cluster' | 'zone' | 'gateway' | 'workload';

export interface Moved {
  source: string;
  service: string;
  rate: number;
  before: Portion[];
  after: Portion[];
  reason: Reason;
}

export type SourceStateKind = 'embedded' | 'prometheus';

export type Health = 'ok' | 'partial' | 'failed' | 'empty';

export interface GatewayChip {
  name: string;
  addresses: string[];
  pods: number;
  ready: number;
  at: Point;
}

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type NodeKind = 'workload' | 'service' | 'gateway' | 'outside' | 'namespace' | 'cluster';

export type Status = 'idle' | 'ok' | 'notReady' | 'degraded' | 'failure';

export type Mark = 'routing' | 'breaker' | 'noSidecar' | 'stale' | 'finding';

export type Protocol = 'HTTP' | 'GRPC' | 'TCP';

export type Path = 'LOCAL' | 'DIRECT' | 'GATEWAY' | 'UNKNOWN';

export interface CodeRate {
  code: number;
  flags: string;
  rate: number;
}

export interface Point {
  x: number;
  y: number;
}

export type Way = 'local' | 'direct' | 'gateway' | 'none';

export interface EndpointCount {
  cluster: string;
  ready: number;
  total: number;
}

export interface PortView {
  number: number;
  name: string;
  protocol: string;
}

export type Worst = '' | 'info' | 'warning' | 'error';

export interface TypeState {
  type: string;
  state: SyncWord;
  message: string;
  sent: string;
  acknowledged: string;
}

export type DifferenceKind = 'only-generated' | 'only-held' | 'other';

export interface Named {
  kind: string;
  namespace: string;
  name: string;
  cluster: string;
}

export type Ending = 'forwarded' | 'answered' | 'redirected' | 'noRoute' | 'noEndpoint' | 'denied';

export interface Portion {
  place: string;
  share: number;
  rate: number;
  path: Path;
  address: string;
}

export type Reason = 'moved' | 'no-endpoints-elsewhere' | 'subset-only-there' | 'no-gateway' | 'left-out' | 'distribute-only-there';

export type SyncWord = 'synced' | 'pending' | 'rejected' | 'never';

