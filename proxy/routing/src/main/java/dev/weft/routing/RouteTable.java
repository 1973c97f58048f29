package dev.weft.routing;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Virtual hosts and their routes, ready to match requests without allocating (regular expressions
 * apart). Immutable; equal by content.
 */
public final class RouteTable {
  private final String name;
  private final boolean ignorePort;
  private final boolean onDemand;
  private final List<VirtualHost> told;
  private final List<VirtualHost> virtualHosts;
  private final DomainTable domains;
  private final Set<String> headersRead;

  private RouteTable(
      String name,
      boolean ignorePort,
      boolean onDemand,
      List<VirtualHost> told,
      Collection<VirtualHost> asked) {
    this.name = name;
    this.ignorePort = ignorePort;
    this.onDemand = onDemand;
    this.told = List.copyOf(told);
    this.virtualHosts =
        asked.isEmpty() ? this.told : Stream.concat(told.stream(), asked.stream()).toList();
    this.domains = new DomainTable(this.virtualHosts);
    this.headersRead = headersRead(this.virtualHosts);
  }

  /**
   * Compiles a table.
   *
   * @param ignorePort true: the port of a request's authority is not compared
   */
  public static RouteTable of(String name, boolean ignorePort, List<VirtualHost> virtualHosts) {
    return new RouteTable(name, ignorePort, false, virtualHosts, List.of());
  }

  /** The same, of which there are more hosts than it has. */
  public RouteTable onDemand() {
    return new RouteTable(name, ignorePort, true, told, List.of());
  }

  /** The same with these hosts beside those that it was made of, and no others. */
  public RouteTable with(Collection<VirtualHost> asked) {
    return new RouteTable(name, ignorePort, onDemand, told, asked);
  }

  /** The name of the route configuration. */
  public String name() {
    return name;
  }

  public boolean ignorePort() {
    return ignorePort;
  }

  /** Whether hosts that it does not have must be asked for. */
  public boolean isOnDemand() {
    return onDemand;
  }

  public List<VirtualHost> virtualHosts() {
    return virtualHosts;
  }

  /** Lower-case names of the headers that matching, hashing or cluster choice may ask for. */
  public Set<String> headersRead() {
    return headersRead;
  }

  /**
   * The virtual host of a request, or null. A request to an unknown host that would be let through
   * as it is belongs to the virtual host of the address that its connection went to, if there is
   * one: what is sent to a service of the mesh does not leave it because of how the service was
   * called. Envoy and Istio let it through.
   */
  public @Nullable VirtualHost virtualHost(RequestView request) {
    CharSequence authority = request.authority();
    VirtualHost named = domains.find(authority, domainLength(authority));
    if (named == null || !named.letsThrough()) {
      return named;
    }
    CharSequence destination = request.destination();
    VirtualHost addressed = domains.exactly(destination, domainLength(destination));
    return addressed == null ? named : addressed;
  }

  /** Whether a virtual host is that of a request by its connection's address, not by its name. */
  public boolean isByAddress(VirtualHost host, RequestView request) {
    CharSequence authority = request.authority();
    return !host.equals(domains.find(authority, domainLength(authority)));
  }

  /**
   * The domain that the connection's address is, where it decides and no virtual host has it; empty
   * otherwise.
   */
  public String missingAddress(RequestView request) {
    VirtualHost found = virtualHost(request);
    if (found == null || !found.letsThrough()) {
      return "";
    }
    CharSequence destination = request.destination();
    return destination.subSequence(0, domainLength(destination)).toString();
  }

  /** The virtual host that has the very domain of a request, or null. */
  public @Nullable VirtualHost exactHost(RequestView request) {
    CharSequence authority = request.authority();
    return domains.exactly(authority, domainLength(authority));
  }

  /** The domain that a request is compared by, in lower case. */
  public String domain(RequestView request) {
    CharSequence authority = request.authority();
    return authority.subSequence(0, domainLength(authority)).toString().toLowerCase(Locale.ROOT);
  }

  private int domainLength(CharSequence authority) {
    return ignorePort ? hostLength(authority) : authority.length();
  }

  /** The route of a request, or null: answer 404 with the flag {@code NR}. */
  public @Nullable Route match(RequestView request) {
    VirtualHost host = virtualHost(request);
    return host == null ? null : match(host, request);
  }

  /** The route of a request within a virtual host, or null. */
  public @Nullable Route match(VirtualHost host, RequestView request) {
    CharSequence target = request.path();
    int pathEnd = Text.pathLength(target);
    List<Route> routes = host.routes();
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).match().matches(request, target, pathEnd)) {
        return routes.get(i);
      }
    }
    return null;
  }

  private static int hostLength(CharSequence authority) {
    for (int i = authority.length() - 1; i >= 0; i--) {
      char c = authority.charAt(i);
      if (c == ':') {
        return i;
      }
      if (c < '0' || c > '9') {
        break;
      }
    }
    return authority.length();
  }

  private static Set<String> headersRead(List<VirtualHost> hosts) {
    Set<String> names = new LinkedHashSet<>();
    for (VirtualHost host : hosts) {
      for (Route route : host.routes()) {
        route.match().headers().forEach(h -> names.add(h.name()));
        if (route.match().grpcOnly()) {
          names.add("content-type");
        }
        if (route.action() instanceof RouteAction.Forward forward) {
          forwardHeaders(forward, names);
        }
      }
    }
    names.removeIf(n -> n.startsWith(":") || n.equals("host"));
    return java.util.Collections.unmodifiableSet(names);
  }

  private static void forwardHeaders(RouteAction.Forward forward, Set<String> names) {
    if (forward.clusters() instanceof ClusterChoice.ByHeader byHeader) {
      names.add(byHeader.header());
    }
    if (forward.host() instanceof HostRewrite.FromHeader from) {
      names.add(from.name());
    }
    for (RouteAction.HashSource source : forward.hash()) {
      if (source instanceof RouteAction.HashSource.Header header) {
        names.add(header.name());
      } else if (source instanceof RouteAction.HashSource.Cookie) {
        names.add("cookie");
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RouteTable that
        && that.ignorePort == ignorePort
        && that.onDemand == onDemand
        && that.told.equals(told)
        && that.name.equals(name)
        && that.virtualHosts.equals(virtualHosts);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + virtualHosts.hashCode();
  }

  @Override
  public String toString() {
    return "RouteTable[" + name + ", " + virtualHosts.size() + " virtual hosts]";
  }
}
