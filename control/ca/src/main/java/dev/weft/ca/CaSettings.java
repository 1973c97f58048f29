package dev.weft.ca;

import dev.weft.types.TrustDomain;
import java.time.Duration;

/**
 * How certificates are made.
 *
 * @param trustDomain of every identity
 * @param workloadTtl life of a workload certificate where the caller does not ask for one
 * @param longestTtl what a caller gets at most
 * @param servingTtl life of the control plane's own certificate
 * @param rootTtl life of a self-signed root
 * @param clockSkew how far before now a certificate begins, at most a quarter of its life
 */
public record CaSettings(
    TrustDomain trustDomain,
    Duration workloadTtl,
    Duration longestTtl,
    Duration servingTtl,
    Duration rootTtl,
    Duration clockSkew) {
  public CaSettings {
    requirePositive("workload certificate TTL", workloadTtl);
    requirePositive("longest workload certificate TTL", longestTtl);
    requirePositive("serving certificate TTL", servingTtl);
    requirePositive("root TTL", rootTtl);
    if (clockSkew.isNegative()) {
      throw new IllegalArgumentException("clock skew " + clockSkew + " is negative");
    }
    if (workloadTtl.compareTo(longestTtl) > 0) {
      throw new IllegalArgumentException(
          "workload certificate TTL " + workloadTtl + " is longer than the longest, " + longestTtl);
    }
  }

  /** Istio's values: 24 hours, at most 90 days, a root of ten years, two minutes of skew. */
  public static CaSettings of(TrustDomain trustDomain) {
    return new CaSettings(
        trustDomain,
        Duration.ofHours(24),
        Duration.ofDays(90),
        Duration.ofDays(30),
        Duration.ofDays(3650),
        Duration.ofMinutes(2));
  }

  /** The same with short-lived workload certificates: nobody gets a longer one. */
  public CaSettings withWorkloadTtl(Duration ttl) {
    return new CaSettings(
        trustDomain,
        ttl,
        ttl.compareTo(Duration.ofHours(24)) < 0 ? ttl : longestTtl,
        servingTtl,
        rootTtl,
        clockSkew);
  }

  private static void requirePositive(String what, Duration ttl) {
    if (ttl.isNegative() || ttl.isZero()) {
      throw new IllegalArgumentException(what + " " + ttl + " is not positive");
    }
  }
}
