// What GET /api/v1/explain answers: the record Explanation of the explain module. Percentages are 0..100 here.
export interface Explanation {
  summary: string[];
  endpoints: ExplanationRow[];
  service: {
    hostname: string;
    name: string;
    namespace: string;
    clusters: string[];
    headless: boolean;
    clusterLocal: boolean;
    endpoints: number;
  };
  client: {
    pod: string;
    namespace: string;
    cluster: string;
    network: string;
    locality: string;
    sidecar: boolean;
  };
  addresses: string[];
  ports: ExplanationPort[];
}
export interface ExplanationRow {
  endpoint: string;
  cluster: string;
  network: string;
  locality: string;
  verdict: string;
  sentTo: string;
  placing: { priority: number; weight: number; share: number } | null;
  why: string;
}
export interface ExplanationPort {
  port: number;
  name: string;
  protocol: string;
  cluster: string;
  policy: string;
  localities: { locality: string; priority: number; weight: number; share: number; addresses: number }[];
}
