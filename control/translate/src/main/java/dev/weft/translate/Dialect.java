package dev.weft.translate;

/** Which filters a client understands. */
public enum Dialect {
  /** Our own proxy: Istio's filters, but no certificates from files. */
  WEFT,
  /** Istio's build of Envoy: Istio's filters beside Envoy's. */
  ISTIO,
  /** Envoy as published: what only Istio's build has is left out. */
  STOCK;

  /** Whether it knows Istio's filters. */
  boolean istio() {
    return this != STOCK;
  }
}
