package dev.weft.translate;

/** What a proxy is for, as its node id says. */
public enum ProxyRole {
  /** Beside one workload, whose traffic it captures. */
  SIDECAR,
  /** A gateway. */
  ROUTER
}
