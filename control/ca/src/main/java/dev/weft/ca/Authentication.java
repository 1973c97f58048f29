package dev.weft.ca;

import dev.weft.types.SpiffeId;

/** The answer of an {@link Authenticator}. */
public sealed interface Authentication {

  /**
   * The caller is known.
   *
   * @param proof what convinced us
   */
  record Authenticated(Caller caller, Proof proof) implements Authentication {}

  /**
   * The caller is known to the config API and is of no member cluster: a person's tool, which may
   * look and is no proxy.
   */
  record Visiting(SpiffeId identity) implements Authentication {}

  /** The caller is not who it says, or says nothing: UNAUTHENTICATED. */
  record Refused(String reason) implements Authentication {}

  /** We could not ask; the caller should try again: UNAVAILABLE. */
  record Unavailable(String reason) implements Authentication {}

  /** How an identity was proven. */
  sealed interface Proof {
    /** A certificate that our own root signed. */
    record Certificate() implements Proof {}

    /**
     * A service-account token that the cluster's API server vouched for.
     *
     * @param pod the pod that the token is bound to, or empty where it is bound to none
     */
    record ReviewedToken(String pod) implements Proof {}
  }
}
