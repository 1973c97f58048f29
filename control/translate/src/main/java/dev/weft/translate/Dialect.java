package dev.weft.translate;

/** Which filters a client understands. */
public enum Dialect {
  /** Our own proxy, and Istio's build of Envoy: Istio's filters beside Envoy's. */
  ISTIO,
  /** Envoy as published: what only Istio's build has is left out. */
  STOCK
}
