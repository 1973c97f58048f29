package dev.weft.proxy.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.RetryPolicy.Condition;
import org.jspecify.annotations.Nullable;

/** Whether what happened is something that a policy retries. Envoy: {@code retry_state_impl.cc}. */
final class RetryRule {
  private RetryRule() {}

  /** The condition that a response fulfils, or null. */
  static @Nullable Condition matching(RetryPolicy policy, ResponseHead response) {
    if (policy.retries() == 0) {
      return null;
    }
    int status = response.status();
    if (status >= 500 && policy.on().contains(Condition.SERVER_ERROR_5XX)) {
      return Condition.SERVER_ERROR_5XX;
    }
    if (status >= 502 && status <= 504 && policy.on().contains(Condition.GATEWAY_ERROR)) {
      return Condition.GATEWAY_ERROR;
    }
    if (status == 409 && policy.on().contains(Condition.RETRIABLE_4XX)) {
      return Condition.RETRIABLE_4XX;
    }
    if (policy.on().contains(Condition.RETRIABLE_STATUS_CODES)
        && policy.statusCodes().contains(status)) {
      return Condition.RETRIABLE_STATUS_CODES;
    }
    return grpc(policy, response);
  }

  private static @Nullable Condition grpc(RetryPolicy policy, ResponseHead response) {
    String text = response.value(KnownHeader.GRPC_STATUS);
    if (text == null) {
      return null;
    }
    Condition condition =
        switch (text) {
          case "1" -> Condition.GRPC_CANCELLED;
          case "4" -> Condition.GRPC_DEADLINE_EXCEEDED;
          case "8" -> Condition.GRPC_RESOURCE_EXHAUSTED;
          case "13" -> Condition.GRPC_INTERNAL;
          case "14" -> Condition.GRPC_UNAVAILABLE;
          default -> null;
        };
    return condition != null && policy.on().contains(condition) ? condition : null;
  }

  /**
   * Whether a failure without a response is retried.
   *
   * @param untouched whether no byte of the request was received by the application
   */
  static boolean covers(RetryPolicy policy, Condition condition, boolean untouched) {
    if (policy.retries() == 0) {
      return false;
    }
    if (policy.on().contains(condition) || policy.on().contains(Condition.SERVER_ERROR_5XX)) {
      return true;
    }
    return switch (condition) {
      case CONNECT_FAILURE, RESET ->
          policy.on().contains(Condition.RESET)
              || policy.on().contains(Condition.GATEWAY_ERROR)
              || untouched && policy.on().contains(Condition.RESET_BEFORE_REQUEST);
      case SERVER_ERROR_5XX,
          GATEWAY_ERROR,
          RESET_BEFORE_REQUEST,
          RETRIABLE_4XX,
          REFUSED_STREAM,
          RETRIABLE_STATUS_CODES,
          ENVOY_RATELIMITED,
          GRPC_CANCELLED,
          GRPC_DEADLINE_EXCEEDED,
          GRPC_INTERNAL,
          GRPC_RESOURCE_EXHAUSTED,
          GRPC_UNAVAILABLE ->
          false;
    };
  }
}
