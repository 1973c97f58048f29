package dev.weft.routing;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Whether a failed try is followed by another one. */
public final class RetryDecision {
  private RetryDecision() {}

  /** How a try went wrong. */
  public sealed interface Outcome {
    /** No connection could be made; nothing was sent. */
    record ConnectFailure() implements Outcome {}

    /** The peer said that it did not look at the request (REFUSED_STREAM, GOAWAY before it). */
    record RefusedStream() implements Outcome {}

    /**
     * The connection or stream broke before response headers came.
     *
     * @param requestSent whether any byte of the request had been sent
     */
    record Reset(boolean requestSent) implements Outcome {}

    /** The try took longer than its time limit. */
    record PerTryTimeout() implements Outcome {}

    /**
     * Response headers came.
     *
     * @param grpcStatus of a response that is only headers; -1 where there is none
     */
    record Response(int status, int grpcStatus) implements Outcome {}
  }

  /**
   * Whether the policy wants another try.
   *
   * @param triesDone how many tries were made, at least 1
   */
  public static boolean wanted(RetryPolicy policy, Outcome outcome, int triesDone) {
    return triesDone <= policy.retries() && matches(policy, outcome);
  }

  private static boolean matches(RetryPolicy policy, Outcome outcome) {
    return switch (outcome) {
      case Outcome.ConnectFailure c ->
          any(
              policy,
              RetryPolicy.Condition.CONNECT_FAILURE,
              RetryPolicy.Condition.SERVER_ERROR_5XX,
              RetryPolicy.Condition.GATEWAY_ERROR,
              RetryPolicy.Condition.RESET,
              RetryPolicy.Condition.RESET_BEFORE_REQUEST);
      case Outcome.RefusedStream r ->
          any(
              policy,
              RetryPolicy.Condition.REFUSED_STREAM,
              RetryPolicy.Condition.SERVER_ERROR_5XX,
              RetryPolicy.Condition.RESET);
      case Outcome.Reset reset ->
          any(
                  policy,
                  RetryPolicy.Condition.RESET,
                  RetryPolicy.Condition.SERVER_ERROR_5XX,
                  RetryPolicy.Condition.GATEWAY_ERROR)
              || (!reset.requestSent() && any(policy, RetryPolicy.Condition.RESET_BEFORE_REQUEST));
      case Outcome.PerTryTimeout t ->
          any(
              policy,
              RetryPolicy.Condition.SERVER_ERROR_5XX,
              RetryPolicy.Condition.GATEWAY_ERROR,
              RetryPolicy.Condition.RESET);
      case Outcome.Response response -> response(policy, response);
    };
  }

  private static boolean response(RetryPolicy policy, Outcome.Response response) {
    int status = response.status();
    if (status >= 500 && any(policy, RetryPolicy.Condition.SERVER_ERROR_5XX)) {
      return true;
    }
    if (status >= 502 && status <= 504 && any(policy, RetryPolicy.Condition.GATEWAY_ERROR)) {
      return true;
    }
    if (status == 409 && any(policy, RetryPolicy.Condition.RETRIABLE_4XX)) {
      return true;
    }
    if (policy.statusCodes().contains(status)
        && any(policy, RetryPolicy.Condition.RETRIABLE_STATUS_CODES)) {
      return true;
    }
    return switch (response.grpcStatus()) {
      case 1 -> any(policy, RetryPolicy.Condition.GRPC_CANCELLED);
      case 4 -> any(policy, RetryPolicy.Condition.GRPC_DEADLINE_EXCEEDED);
      case 8 -> any(policy, RetryPolicy.Condition.GRPC_RESOURCE_EXHAUSTED);
      case 13 -> any(policy, RetryPolicy.Condition.GRPC_INTERNAL);
      case 14 -> any(policy, RetryPolicy.Condition.GRPC_UNAVAILABLE);
      default -> false;
    };
  }

  private static boolean any(RetryPolicy policy, RetryPolicy.Condition... conditions) {
    for (RetryPolicy.Condition condition : conditions) {
      if (policy.on().contains(condition)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How long to wait before the next try: a random time up to {@code base * (2^n - 1)}, limited by
   * the policy's maximum.
   *
   * @param retry the number of the retry, from 1
   */
  public static Duration delay(RetryPolicy policy, int retry, RandomGenerator random) {
    long base = Math.max(1, policy.backoffBase().toMillis());
    long ceiling =
        Math.min(
            policy.maxBackoff().toMillis(), base * ((1L << Math.min(30, Math.max(1, retry))) - 1));
    return Duration.ofMillis(ceiling <= 0 ? 0 : random.nextLong(ceiling + 1));
  }
}
