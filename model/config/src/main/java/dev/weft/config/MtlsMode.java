package dev.weft.config;

/** What a workload accepts. Reference 2.17. */
public enum MtlsMode {
  DISABLE,
  PERMISSIVE,
  STRICT
}
