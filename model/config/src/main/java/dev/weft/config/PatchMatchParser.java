package dev.weft.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.config.EnvoyFilter.Action;
import dev.weft.config.EnvoyFilter.ChainMatch;
import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.EnvoyFilter.ListenerMatch;
import dev.weft.config.EnvoyFilter.RouteMatch;
import dev.weft.config.EnvoyFilter.Where;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code match} of a patch of an EnvoyFilter. */
final class PatchMatchParser {
  private static final Set<String> CONNECTION_MANAGER =
      Set.of("envoy.filters.network.http_connection_manager", "envoy.http_connection_manager");

  /** Envoy's older names. Istio: pilot/pkg/networking/util, {@code DeprecatedFilterNames}. */
  private static final Map<String, String> NEWER =
      Map.of(
          "envoy.router", "envoy.filters.http.router",
          "envoy.cors", "envoy.filters.http.cors",
          "envoy.fault", "envoy.filters.http.fault",
          "envoy.ext_authz", "envoy.filters.http.ext_authz");

  private PatchMatchParser() {}

  /** What a patch is applied to. */
  enum ApplyTo {
    LISTENER,
    FILTER_CHAIN,
    NETWORK_FILTER,
    HTTP_FILTER,
    ROUTE_CONFIGURATION,
    VIRTUAL_HOST,
    HTTP_ROUTE,
    CLUSTER,
    EXTENSION_CONFIG,
    BOOTSTRAP,
    LISTENER_FILTER;

    /** Whether routes are changed, and not listeners. */
    boolean ofRoutes() {
      return switch (this) {
        case ROUTE_CONFIGURATION, VIRTUAL_HOST, HTTP_ROUTE -> true;
        case LISTENER,
            FILTER_CHAIN,
            NETWORK_FILTER,
            HTTP_FILTER,
            CLUSTER,
            EXTENSION_CONFIG,
            BOOTSTRAP,
            LISTENER_FILTER ->
            false;
      };
    }

    boolean carriedOut() {
      return ofRoutes() || this == HTTP_FILTER;
    }
  }

  /**
   * What a patch is for.
   *
   * @param anchor a filter of the chain; empty for none
   * @param carriedOut whether it is understood
   */
  record Match(
      Where where,
      @Nullable ListenerMatch listener,
      String anchor,
      @Nullable RouteMatch routes,
      boolean carriedOut) {
    static final Match EVERYWHERE = new Match(new Where(Context.ANY, ""), null, "", null, true);
  }

  static Match read(TreeReader r, @Nullable ApplyTo to) {
    Context context = r.constant("context", Context.class);
    Matched found = new Matched();
    String version = r.object("proxy", p -> proxy(p, found));
    ListenerMatch listener = r.object("listener", l -> listener(l, to, found));
    RouteMatch routes = r.object("routeConfiguration", PatchMatchParser::routes);
    if (to == ApplyTo.HTTP_FILTER && routes != null) {
      r.error("routeConfiguration", "HTTP filters are found by match.listener");
    }
    if (to != null && to.ofRoutes() && listener != null) {
      r.error("listener", "routes are found by match.routeConfiguration");
    }
    r.unsupported(
        "cluster",
        Shape.Fields.of(
            Shape.field("portNumber", Shape.Simple.WHOLE),
            Shape.field("service", Shape.TEXT),
            Shape.field("subset", Shape.TEXT),
            Shape.field("name", Shape.TEXT)),
        "nothing of clusters is patched");
    return new Match(
        new Where(context == null ? Context.ANY : context, version == null ? "" : version),
        listener,
        found.anchor,
        routes,
        !found.leftOut);
  }

  /** What the parts of a match say of it as a whole. Confined to one reading. */
  private static final class Matched {
    private String anchor = "";
    private boolean leftOut;

    void unsupported(TreeReader r, String key, Shape shape, String why) {
      r.unsupported(key, shape, "the patch is left out, since " + why);
      leftOut |= r.has(key);
    }
  }

  private static String proxy(TreeReader r, Matched found) {
    String version = r.string("proxyVersion");
    if (!version.isEmpty()) {
      try {
        Pattern.compile(version);
        r.note(
            "proxy-version",
            "proxyVersion",
            "the patch is for proxies that announce such a version: the numbers of istioctl"
                + " proxy-status, not those of an Istio that the patch was written for");
      } catch (PatternSyntaxException e) {
        r.error("proxyVersion", "not a regular expression in RE2 syntax: " + e.getMessage());
      }
    }
    found.unsupported(r, "metadata", Shape.LABELS, "proxies are told apart by workloadSelector");
    return version;
  }

  private static ListenerMatch listener(TreeReader r, @Nullable ApplyTo to, Matched found) {
    int port = r.integer("portNumber", 0, 0, 65535);
    found.unsupported(r, "portName", Shape.TEXT, "listeners are found by portNumber");
    ChainMatch chain = r.object("filterChain", c -> chain(c, to, found));
    found.unsupported(
        r, "listenerFilter", Shape.TEXT, "HTTP filters are found by filterChain.filter");
    return new ListenerMatch(port, r.string("name"), chain == null ? ChainMatch.ANY : chain);
  }

  /** Istio: pilot/pkg/networking/core/envoyfilter/listener_patch.go {@code filterChainMatch}. */
  private static ChainMatch chain(TreeReader r, @Nullable ApplyTo to, Matched found) {
    r.object(
        "filter",
        f -> {
          String name = f.string("name");
          if (to == ApplyTo.HTTP_FILTER && !name.isEmpty() && !CONNECTION_MANAGER.contains(name)) {
            f.warning(
                "unsupported-field",
                "name",
                "HTTP filters are those of envoy.filters.network.http_connection_manager, so the"
                    + " patch is left out");
            found.leftOut = true;
          }
          f.object(
              "subFilter",
              s -> {
                found.anchor = newer(s.string("name"));
                return found;
              });
          return found;
        });
    List<String> protocols =
        Stream.of(r.string("applicationProtocols").split(","))
            .map(String::strip)
            .filter(protocol -> !protocol.isEmpty())
            .toList();
    return new ChainMatch(
        r.string("name"),
        r.integer("destinationPort", 0, 0, 65535),
        r.string("sni"),
        r.string("transportProtocol"),
        protocols);
  }

  /** The name that a filter has now. */
  static String newer(String name) {
    return NEWER.getOrDefault(name, name);
  }

  private static RouteMatch routes(TreeReader r) {
    int port = r.integer("portNumber", 0, 0, 65535);
    String portName = r.string("portName");
    String gateway = r.string("gateway");
    RouteMatch host =
        r.object(
            "vhost",
            v -> {
              String name = v.string("name");
              String domain = v.string("domainName");
              RouteMatch route =
                  v.object(
                      "route",
                      o -> {
                        Action action = o.constant("action", Action.class);
                        return new RouteMatch(
                            "",
                            0,
                            "",
                            "",
                            "",
                            "",
                            o.string("name"),
                            action == null ? Action.ANY : action);
                      });
              RouteMatch of = route == null ? RouteMatch.ANY : route;
              return new RouteMatch("", 0, "", "", name, domain, of.route(), of.action());
            });
    RouteMatch of = host == null ? RouteMatch.ANY : host;
    return new RouteMatch(
        r.string("name"), port, portName, gateway, of.host(), of.domain(), of.route(), of.action());
  }
}
