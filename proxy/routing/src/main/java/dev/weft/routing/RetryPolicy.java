package dev.weft.routing;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * When a request is sent again.
 *
 * @param retries how many times beside the first; zero: never
 * @param statusCodes for {@link Condition#RETRIABLE_STATUS_CODES}
 * @param perTryTimeout zero: no limit of its own
 * @param previousHosts true: prefer endpoints that were not tried yet
 * @param previousPriorities true: prefer priorities that were not tried yet
 * @param selectionAttempts how often the balancer may pick again to avoid a tried endpoint
 */
public record RetryPolicy(
    int retries,
    Set<Condition> on,
    List<Integer> statusCodes,
    Duration perTryTimeout,
    boolean previousHosts,
    boolean previousPriorities,
    int selectionAttempts,
    Duration backoffBase,
    Duration maxBackoff) {
  public static final RetryPolicy NONE =
      new RetryPolicy(
          0,
          Set.of(),
          List.of(),
          Duration.ZERO,
          false,
          false,
          1,
          Duration.ofMillis(25),
          Duration.ofMillis(250));

  // Istio: pilot/pkg/networking/core/route/retry/retry.go
  private static final int USUAL_RETRIES = 2;
  private static final Set<Condition> USUAL =
      EnumSet.of(
          Condition.CONNECT_FAILURE,
          Condition.REFUSED_STREAM,
          Condition.GRPC_UNAVAILABLE,
          Condition.GRPC_CANCELLED,
          Condition.RETRIABLE_STATUS_CODES);

  /** What a retry answers to (Envoy: {@code x-envoy-retry-on}, {@code x-envoy-retry-grpc-on}). */
  public enum Condition {
    SERVER_ERROR_5XX("5xx"),
    GATEWAY_ERROR("gateway-error"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    CONNECT_FAILURE("connect-failure"),
    RETRIABLE_4XX("retriable-4xx"),
    REFUSED_STREAM("refused-stream"),
    RETRIABLE_STATUS_CODES("retriable-status-codes"),
    ENVOY_RATELIMITED("envoy-ratelimited"),
    GRPC_CANCELLED("cancelled"),
    GRPC_DEADLINE_EXCEEDED("deadline-exceeded"),
    GRPC_INTERNAL("internal"),
    GRPC_RESOURCE_EXHAUSTED("resource-exhausted"),
    GRPC_UNAVAILABLE("unavailable");

    private final String text;

    Condition(String text) {
      this.text = text;
    }

    /** The word of the configuration. */
    public String text() {
      return text;
    }
  }

  public RetryPolicy {
    on = on.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(EnumSet.copyOf(on));
    statusCodes = List.copyOf(statusCodes);
  }

  /** Whether it is none, or the one of Istio's routes for which nobody asked for another. */
  public boolean isUsual() {
    return retries == 0
        || retries == USUAL_RETRIES
            && on.equals(USUAL)
            && statusCodes.isEmpty()
            && perTryTimeout.isZero()
            && !previousPriorities;
  }
}
