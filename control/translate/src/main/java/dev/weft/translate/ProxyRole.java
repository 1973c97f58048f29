package dev.weft.translate;

import dev.weft.config.EnvoyFilter.Context;

/** What a proxy is for, as its node id says. */
public enum ProxyRole {
  /** Beside one workload, whose traffic it captures. */
  SIDECAR,
  /** A gateway. */
  ROUTER;

  /** What EnvoyFilters call the traffic that it sends on to services. */
  Context calls() {
    return switch (this) {
      case SIDECAR -> Context.SIDECAR_OUTBOUND;
      case ROUTER -> Context.GATEWAY;
    };
  }
}
