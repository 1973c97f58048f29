package dev.weft.translate;

import com.google.protobuf.UInt32Value;
import dev.weft.config.Retries;
import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When requests are repeated. Istio: pilot/pkg/networking/core/route/retry/retry.go. */
final class RetryPolicies {
  private static final List<String> DEFAULT_ON =
      List.of(
          "connect-failure",
          "refused-stream",
          "unavailable",
          "cancelled",
          "retriable-status-codes");
  private static final int HOST_SELECTION_ATTEMPTS = 5;
  private static final int PRIORITY_UPDATE_FREQUENCY = 2;

  private static final RetryPolicy.RetryHostPredicate PREVIOUS_HOSTS =
      RetryPolicy.RetryHostPredicate.newBuilder()
          .setName("envoy.retry_host_predicates.previous_hosts")
          .setTypedConfig(DeterministicBytes.pack(PreviousHostsPredicate.getDefaultInstance()))
          .build();

  private RetryPolicies() {}

  /**
   * Empty where retries are turned off.
   *
   * @param hashed how the endpoint is chosen by a hash, which a retry must not leave; null where it
   *     is not
   */
  static Optional<RetryPolicy> of(Retries retries, @Nullable HashKey hashed) {
    if (retries.attempts() <= 0) {
      return Optional.empty();
    }
    @Nullable Boolean avoid = retries.ignorePreviousHosts();
    RetryPolicy.Builder policy =
        RetryPolicy.newBuilder()
            .setNumRetries(UInt32Value.of(retries.attempts()))
            .setHostSelectionRetryMaxAttempts(HOST_SELECTION_ATTEMPTS);
    if (avoid == null ? hashed == null : avoid) {
      policy.addRetryHostPredicate(PREVIOUS_HOSTS);
    }
    if (retries.retryOn().isEmpty()) {
      policy.setRetryOn(String.join(",", DEFAULT_ON));
    } else {
      List<String> conditions = new ArrayList<>();
      for (String condition : retries.retryOn().split(",")) {
        String word = condition.strip();
        if (!word.isEmpty() && word.chars().allMatch(Character::isDigit)) {
          policy.addRetriableStatusCodes(Integer.parseInt(word));
        } else if (!word.isEmpty()) {
          conditions.add(word);
        }
      }
      if (policy.getRetriableStatusCodesCount() > 0
          && !conditions.contains("retriable-status-codes")) {
        conditions.add("retriable-status-codes");
      }
      policy.setRetryOn(String.join(",", conditions));
    }
    if (retries.perTryTimeout() != null) {
      policy.setPerTryTimeout(Durations.of(retries.perTryTimeout()));
    }
    if (retries.backoff() != null) {
      policy.setRetryBackOff(
          RetryPolicy.RetryBackOff.newBuilder().setBaseInterval(Durations.of(retries.backoff())));
    }
    if (retries.remoteLocalities()) {
      policy.setRetryPriority(
          RetryPolicy.RetryPriority.newBuilder()
              .setName("envoy.retry_priorities.previous_priorities")
              .setTypedConfig(
                  DeterministicBytes.pack(
                      PreviousPrioritiesConfig.newBuilder()
                          .setUpdateFrequency(PRIORITY_UPDATE_FREQUENCY)
                          .build())));
    }
    return Optional.of(policy.build());
  }
}
