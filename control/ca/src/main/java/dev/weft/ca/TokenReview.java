package dev.weft.ca;

import dev.weft.types.ClusterId;
import java.util.Optional;

/** What an API server says about a token. */
public sealed interface TokenReview {
  /**
   * The token is genuine and meant for us.
   *
   * @param pod the pod that the token is bound to, or empty
   */
  record Accepted(String namespace, String serviceAccount, String pod) implements TokenReview {}

  /** The API server answered and said no. */
  record Rejected(String reason) implements TokenReview {}

  /** The API server gave no answer. */
  record Unanswered(String reason) implements TokenReview {}

  /** Finds the API server that may vouch for a cluster's tokens. */
  @FunctionalInterface
  interface Directory {
    /** Empty where no such cluster is registered. */
    Optional<TokenReviewer> reviewer(ClusterId cluster);
  }
}
