package dev.weft.config;

/** Reads {@code retries} of a VirtualService, and what the mesh has in their place. */
final class RetriesParser {
  private static final int MOST = 1000;

  private RetriesParser() {}

  static Retries read(TreeReader r) {
    int attempts = r.integer("attempts", 0, 0, MOST);
    boolean more =
        r.has("perTryTimeout")
            || r.has("retryOn")
            || r.has("retryRemoteLocalities")
            || r.has("retryIgnorePreviousHosts")
            || r.has("backoff");
    if (attempts == 0 && more) {
      r.error(
          "attempts",
          "nothing is repeated with 0 attempts, which is also meant where none are written: say how"
              + " many, or take the other fields away");
    }
    return new Retries(
        attempts,
        RouteChecks.length(r, "perTryTimeout"),
        RouteChecks.retryOn(r, "retryOn"),
        r.bool("retryRemoteLocalities", false),
        r.optionalBool("retryIgnorePreviousHosts"),
        RouteChecks.length(r, "backoff"));
  }
}
