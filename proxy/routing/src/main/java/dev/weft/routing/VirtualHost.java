package dev.weft.routing;

import java.util.List;

/**
 * The routes of some domains; the first that matches is taken.
 *
 * @param domains {@code host}, {@code *.suffix}, {@code prefix.*} or {@code *}, perhaps with a port
 * @param requireTls true: plaintext requests are redirected to https
 * @param attemptCountHeader true: {@code x-envoy-attempt-count} is sent upstream
 * @param attemptCountInResponse true: it is sent downstream, with the number of attempts
 */
public record VirtualHost(
    String name,
    List<String> domains,
    List<Route> routes,
    boolean requireTls,
    boolean attemptCountHeader,
    boolean attemptCountInResponse) {
  /** Istio's name of the virtual host that lets requests to unknown hosts through. */
  private static final String LETS_THROUGH = "allow_any";

  public VirtualHost {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }

  /** Whether its requests go to wherever their connections went, as they are. */
  boolean letsThrough() {
    return name.equals(LETS_THROUGH);
  }
}
