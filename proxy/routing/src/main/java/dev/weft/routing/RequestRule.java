package dev.weft.routing;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What routes say of each request by itself. A connection that is routed as a whole, by its first
 * request, as those of HTTP/2 are, would escape it.
 */
public enum RequestRule {
  /** Requests of one host do not all take the same route, or not all take one. */
  ROUTES("routes"),
  WEIGHTS("weights"),
  /** A header names the cluster. */
  CLUSTER_HEADER("cluster header"),
  /** Plain requests are redirected. */
  HTTPS_REDIRECT("redirect to https"),
  REWRITE("rewrite"),
  HEADERS("headers"),
  TIMEOUT("timeout"),
  /** Others than those that every route has. */
  RETRIES("retries"),
  FAULT("fault"),
  CORS("corsPolicy"),
  MIRROR("mirror"),
  /** The endpoint depends on more than the client's address. */
  CONSISTENT_HASH("consistentHash");

  private final String text;

  RequestRule(String text) {
    this.text = text;
  }

  /** A word for people. */
  public String text() {
    return text;
  }

  /** Words for people, separated by commas. */
  public static String text(Set<RequestRule> rules) {
    return rules.stream().map(RequestRule::text).collect(Collectors.joining(", "));
  }

  /**
   * The rules of a host that hold request by request; empty where a connection to it may be routed
   * as a whole.
   *
   * @param tls whether the client's TLS ended at this proxy
   */
  public static Set<RequestRule> of(VirtualHost host, boolean tls) {
    Set<RequestRule> rules = EnumSet.noneOf(RequestRule.class);
    if (host.requireTls() && !tls) {
      rules.add(HTTPS_REDIRECT);
    }
    List<Route> routes = host.routes();
    boolean all = false;
    for (int i = 0; i < routes.size() && !all; i++) {
      Route route = routes.get(i);
      all = route.match().takesAll();
      addIf(!route.action().equals(routes.getFirst().action()), ROUTES, rules);
      add(route, rules);
    }
    addIf(!all, ROUTES, rules);
    return Collections.unmodifiableSet(rules);
  }

  private static void add(Route route, Set<RequestRule> rules) {
    addIf(!route.request().isEmpty() || !route.response().isEmpty(), HEADERS, rules);
    addIf(route.fault() != null, FAULT, rules);
    addIf(route.cors() != null, CORS, rules);
    if (!(route.action() instanceof RouteAction.Forward forward)) {
      return;
    }
    switch (forward.clusters()) {
      case ClusterChoice.Single single -> {}
      case ClusterChoice.ByHeader byHeader -> rules.add(CLUSTER_HEADER);
      case ClusterChoice.Weighted weighted -> {
        addIf(weighted.clusters().size() != 1, WEIGHTS, rules);
        addIf(weighted.clusters().stream().anyMatch(RequestRule::edits), HEADERS, rules);
      }
    }
    addIf(
        !(forward.path() instanceof PathRewrite.Keep)
            || !(forward.host() instanceof HostRewrite.Keep),
        REWRITE,
        rules);
    addIf(!forward.timeout().isZero() || forward.idleTimeout() != null, TIMEOUT, rules);
    addIf(!forward.retry().isUsual(), RETRIES, rules);
    addIf(!forward.mirrors().isEmpty(), MIRROR, rules);
    addIf(
        !forward.hash().stream().allMatch(RouteAction.HashSource.SourceIp.class::isInstance),
        CONSISTENT_HASH,
        rules);
  }

  private static boolean edits(ClusterChoice.WeightedCluster cluster) {
    return !cluster.request().isEmpty() || !cluster.response().isEmpty();
  }

  private static void addIf(boolean holds, RequestRule rule, Set<RequestRule> rules) {
    if (holds) {
      rules.add(rule);
    }
  }
}
