package dev.weft.routing;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to a request that took a route. */
public sealed interface RouteAction {

  /**
   * Send it to a cluster.
   *
   * @param timeout for the whole response; zero: no limit
   * @param idleTimeout for the stream; null: the listener's
   * @param grpcTimeout what clients of gRPC may say of it; null: nothing
   * @param upgrades lower-case names of upgrades that this route allows beside the listener's
   */
  record Forward(
      ClusterChoice clusters,
      PathRewrite path,
      HostRewrite host,
      Duration timeout,
      @Nullable Duration idleTimeout,
      @Nullable GrpcTimeout grpcTimeout,
      RetryPolicy retry,
      List<Mirror> mirrors,
      List<HashSource> hash,
      List<String> upgrades)
      implements RouteAction {
    public Forward {
      mirrors = List.copyOf(mirrors);
      hash = List.copyOf(hash);
      upgrades = List.copyOf(upgrades);
    }

    /** To one cluster, nothing changed, no time limit, no retries. */
    public static Forward to(String cluster) {
      return new Forward(
          new ClusterChoice.Single(cluster),
          PathRewrite.KEEP,
          HostRewrite.KEEP,
          Duration.ZERO,
          null,
          null,
          RetryPolicy.NONE,
          List.of(),
          List.of(),
          List.of());
    }
  }

  /**
   * Answer with a redirect. Null keeps the request's part.
   *
   * @param status 301, 302, 303, 307 or 308
   */
  record Redirect(
      int status,
      @Nullable String scheme,
      @Nullable String host,
      @Nullable Integer port,
      PathRewrite path,
      boolean stripQuery)
      implements RouteAction {

    /** Where it points for a request: an absolute URL without line breaks. */
    public String location(RequestView request) {
      String to = scheme == null ? request.scheme().toString() : scheme;
      String authority = request.authority().toString();
      int colon = authority.lastIndexOf(':');
      boolean hasPort = colon > 0 && authority.indexOf(']', colon) < 0;
      String name = hasPort ? authority.substring(0, colon) : authority;
      String number = hasPort ? authority.substring(colon + 1) : "";
      if (host != null) {
        name = host;
        number = "";
      }
      if (port != null) {
        number = Integer.toString(port);
      } else if (scheme != null) {
        number = "";
      }
      if (number.equals(to.equals("https") ? "443" : "80")) {
        number = "";
      }
      String target = path.apply(request.path()).toString();
      if (stripQuery && target.indexOf('?') >= 0) {
        target = target.substring(0, target.indexOf('?'));
      }
      // What came from the client must not end the header line.
      return (to + "://" + name + (number.isEmpty() ? "" : ":" + number) + target)
          .replace("\r", "")
          .replace("\n", "");
    }
  }

  /** Answer at once. */
  record DirectResponse(int status, String body) implements RouteAction {}

  /** A copy of the request to another cluster, whose answer is thrown away. */
  record Mirror(String cluster, Fraction fraction) {}

  /** What a consistent-hash balancer hashes. */
  sealed interface HashSource {
    /** The first of several sources that yields a value ends the search where it is terminal. */
    boolean terminal();

    /** A header, by lower-case name. */
    record Header(String name, boolean terminal) implements HashSource {}

    /**
     * A cookie, made by the proxy where it is missing and {@code ttl} is given; a zero ttl makes a
     * session cookie.
     */
    record Cookie(String name, String path, @Nullable Duration ttl, boolean terminal)
        implements HashSource {}

    /** The address of the downstream peer. */
    record SourceIp(boolean terminal) implements HashSource {}

    /** A parameter of the query string. */
    record QueryParameter(String name, boolean terminal) implements HashSource {}
  }
}
