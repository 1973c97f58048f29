package dev.weft.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When and how often requests are repeated.
 *
 * @param attempts 0 turns retries off, and is what stands where nothing is written
 * @param retryOn conditions and status codes; empty for the usual ones
 * @param ignorePreviousHosts whether endpoints that were tried are avoided; null where not written:
 *     they are, but for services that are balanced by a hash
 * @param backoff the base of the time between attempts; null for the default
 */
public record Retries(
    int attempts,
    @Nullable Duration perTryTimeout,
    String retryOn,
    boolean remoteLocalities,
    @Nullable Boolean ignorePreviousHosts,
    @Nullable Duration backoff) {
  /** Istio's, where neither a route nor the mesh says anything. */
  public static final Retries USUAL = new Retries(2, null, "", false, null, null);
}
