package dev.weft.ca;

/**
 * Asks the API server of one cluster whether a token is genuine (authentication.k8s.io/v1
 * TokenReview).
 *
 * <p>Thread-safe; blocks, with a bounded wait.
 */
@FunctionalInterface
public interface TokenReviewer {
  /** The audience that the mesh's projected tokens carry (Istio's name). */
  String AUDIENCE = "istio-ca";

  /** Reviews a token for {@link #AUDIENCE}. */
  TokenReview review(BearerToken token);
}
