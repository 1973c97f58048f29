package dev.weft.config;

/** What a workload accepts: Istio's {@code PeerAuthentication.MutualTLS.Mode}. */
public enum MtlsMode {
  DISABLE,
  PERMISSIVE,
  STRICT
}
