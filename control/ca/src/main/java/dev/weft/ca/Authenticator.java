package dev.weft.ca;

/**
 * Finds out who calls. The certificate service and the xDS server share one.
 *
 * <p>Thread-safe. May block for as long as an API server takes to answer, so call it on a virtual
 * thread.
 */
@FunctionalInterface
public interface Authenticator {
  Authentication authenticate(Credentials credentials);
}
