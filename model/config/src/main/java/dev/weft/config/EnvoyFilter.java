package dev.weft.config;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of what proxies are sent, as far as they add HTTP filters. {@code networking.istio.io
 * EnvoyFilter}.
 *
 * @param priority smaller ones come first
 * @param patches in order; those that are not carried out are not there
 */
public record EnvoyFilter(ObjectMeta meta, PolicyTarget target, int priority, List<Patch> patches)
    implements ConfigObject {
  /** The names of the HTTP filters that the mesh has by itself, and that stay as they are. */
  public static final Set<String> OF_MESH =
      Set.of(
          "envoy.filters.http.cors",
          "envoy.filters.http.ext_authz",
          "envoy.filters.http.fault",
          "envoy.filters.http.grpc_stats",
          "envoy.filters.http.jwt_authn",
          "envoy.filters.http.rbac",
          "envoy.filters.http.router",
          "istio.alpn",
          "istio.metadata_exchange",
          "istio.stats");

  public EnvoyFilter {
    patches = List.copyOf(patches);
  }

  /** Whether it changes something of this traffic of a proxy. */
  public boolean concerns(Context traffic, String version) {
    return patches.stream().anyMatch(patch -> patch.where().holds(traffic, version));
  }

  /** Whether it matters which version a proxy announces. */
  public boolean readsVersion() {
    return patches.stream().anyMatch(patch -> !patch.where().proxyVersion().isEmpty());
  }

  /** Which traffic of a proxy. */
  public enum Context {
    ANY,
    SIDECAR_INBOUND,
    SIDECAR_OUTBOUND,
    GATEWAY
  }

  /**
   * For which traffic of which proxies a patch is.
   *
   * @param proxyVersion an expression that is found in the version that a proxy announces; empty
   *     for any
   */
  public record Where(Context context, String proxyVersion) {
    /** Whether it is for this traffic of a proxy. */
    public boolean holds(Context traffic, String version) {
      return (context == Context.ANY || context == traffic)
          && (proxyVersion.isEmpty()
              || (!version.isEmpty() && Pattern.compile(proxyVersion).matcher(version).find()));
    }
  }

  /** A change. */
  public sealed interface Patch {
    Where where();
  }

  /**
   * The chains of listeners in which HTTP filters change.
   *
   * @param port 0 for any
   * @param listener the name of the listener; empty for any
   */
  public record ListenerMatch(int port, String listener, ChainMatch chain) {
    public static final ListenerMatch ANY = new ListenerMatch(0, "", ChainMatch.ANY);
  }

  /**
   * A filter chain, by its name and by the connections that it says it is for. What is empty, or 0,
   * is any.
   *
   * @param serverName one of those that the chain is for
   * @param transport {@code tls} or {@code raw_buffer}
   * @param protocols all of which the chain is for
   */
  public record ChainMatch(
      String name, int port, String serverName, String transport, List<String> protocols) {
    public static final ChainMatch ANY = new ChainMatch("", 0, "", "", List.of());

    public ChainMatch {
      protocols = List.copyOf(protocols);
    }
  }

  /** Where a filter comes to stand. */
  public enum Position {
    FIRST,
    /** Before the anchor, or before all where there is none. */
    BEFORE,
    /** After the anchor, or behind all where there is none. */
    AFTER,
    /** Behind all. */
    LAST,
    /** In the place of the anchor. */
    INSTEAD
  }

  /**
   * A filter is added.
   *
   * @param anchor the name of the filter that the position is about; empty for none
   * @param name by which routes configure it
   */
  public record AddFilter(
      Where where,
      ListenerMatch at,
      Position position,
      String anchor,
      String name,
      TypedConfig config)
      implements Patch {}

  /** Filters that other patches have added are taken away. */
  public record RemoveFilter(Where where, ListenerMatch at, String name) implements Patch {}

  /**
   * Filters that other patches add get further configuration.
   *
   * @param config a part of one, which need not be complete
   */
  public record MergeFilter(Where where, ListenerMatch at, String name, TypedConfig config)
      implements Patch {}

  /** How far configuration of routes reaches. */
  public enum Level {
    TABLE,
    HOST,
    ROUTE
  }

  /** What a route does. */
  public enum Action {
    ANY,
    ROUTE,
    REDIRECT,
    DIRECT_RESPONSE
  }

  /**
   * The routes whose configuration changes. What is empty is any.
   *
   * @param table the name of the route configuration
   * @param port 0 for any
   * @param portName of a server of a gateway
   * @param gateway {@code namespace/name}
   * @param host the name of the virtual host
   * @param domain of the virtual host
   * @param route the name of the route
   */
  public record RouteMatch(
      String table,
      int port,
      String portName,
      String gateway,
      String host,
      String domain,
      String route,
      Action action) {
    public static final RouteMatch ANY = new RouteMatch("", 0, "", "", "", "", "", Action.ANY);
  }

  /**
   * By what limits of rates tell requests apart.
   *
   * @param rules {@code RateLimit} messages, as protobuf has them in JSON
   * @param withHost whether those of the virtual host hold beside those of a route; null where it
   *     is not said
   */
  public record LimitRules(List<Map<String, Object>> rules, @Nullable Boolean withHost) {
    public static final LimitRules NONE = new LimitRules(List.of(), null);

    public LimitRules {
      rules = rules.stream().map(Copies::map).toList();
    }
  }

  /**
   * Filters are configured for some routes.
   *
   * @param configs by the names of filters
   */
  public record ConfigureRoutes(
      Where where, RouteMatch at, Level level, Map<String, TypedConfig> configs, LimitRules limits)
      implements Patch {
    public ConfigureRoutes {
      configs = Copies.map(configs);
    }
  }
}
