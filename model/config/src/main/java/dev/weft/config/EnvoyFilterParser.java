package dev.weft.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.config.EnvoyFilter.Action;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.EnvoyFilter.Level;
import dev.weft.config.EnvoyFilter.ListenerMatch;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.Position;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import dev.weft.config.EnvoyFilter.RouteMatch;
import dev.weft.config.EnvoyFilter.Where;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code networking.istio.io EnvoyFilter}: HTTP filters that proxies have, and their configuration
 * for routes. Every other patch is left out and named, and the rest of the object goes on. Rules:
 * Istio, pkg/config/validation/validation.go, {@code ValidateEnvoyFilter}.
 */
final class EnvoyFilterParser {
  private static final String UNSUPPORTED = "unsupported-field";
  private static final String LEFT_OUT = ", so the patch is left out";
  private static final Set<String> CONNECTION_MANAGER =
      Set.of("envoy.filters.network.http_connection_manager", "envoy.http_connection_manager");

  /** Envoy's older names. Istio: pilot/pkg/networking/util, {@code DeprecatedFilterNames}. */
  private static final Map<String, String> NEWER =
      Map.of(
          "envoy.router", "envoy.filters.http.router",
          "envoy.cors", "envoy.filters.http.cors",
          "envoy.fault", "envoy.filters.http.fault",
          "envoy.filters.http.grpc_http1_bridge", "envoy.filters.http.grpc_http1_bridge",
          "envoy.ext_authz", "envoy.filters.http.ext_authz");

  private EnvoyFilterParser() {}

  static EnvoyFilter read(ObjectMeta meta, TreeReader spec) {
    PolicyTarget target = PolicyTarget.read(spec, "workloadSelector", "labels", "targetRefs");
    List<Patch> patches = spec.objects("configPatches", EnvoyFilterParser::patch);
    int priority = spec.integer("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return new EnvoyFilter(meta, target, priority, patches);
  }

  /** What a patch is applied to. */
  private enum ApplyTo {
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

  private enum Operation {
    MERGE,
    ADD,
    REMOVE,
    INSERT_BEFORE,
    INSERT_AFTER,
    INSERT_FIRST,
    REPLACE
  }

  /**
   * What a patch is for.
   *
   * @param anchor a filter of the chain; empty for none
   * @param carriedOut whether it is understood
   */
  private record Match(
      Where where,
      @Nullable ListenerMatch listener,
      String anchor,
      @Nullable RouteMatch routes,
      boolean carriedOut) {
    static final Match EVERYWHERE = new Match(new Where(Context.ANY, ""), null, "", null, true);
  }

  private static @Nullable Patch patch(TreeReader r) {
    ApplyTo to = r.constant("applyTo", ApplyTo.class, "INVALID");
    if (to == null) {
      r.error("applyTo", "what the patch is applied to is missing: HTTP_FILTER, for example");
    } else if (!to.carriedOut()) {
      r.warning(
          UNSUPPORTED,
          "applyTo",
          to
              + " is not supported"
              + LEFT_OUT
              + ": HTTP_FILTER, ROUTE_CONFIGURATION, VIRTUAL_HOST and HTTP_ROUTE are");
    }
    Match written = r.object("match", m -> match(m, to));
    Match match = written == null ? Match.EVERYWHERE : written;
    if (!r.has("patch")) {
      r.error("patch", "the patch itself is missing");
    }
    return r.object("patch", p -> change(p, to, match));
  }

  private static Match match(TreeReader r, @Nullable ApplyTo to) {
    Context context = r.constant("context", Context.class);
    Matched found = new Matched();
    String version = r.object("proxy", p -> proxy(p, found));
    ListenerMatch listener = r.object("listener", l -> listener(l, to, found));
    RouteMatch routes = r.object("routeConfiguration", EnvoyFilterParser::routes);
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
    String chain = r.object("filterChain", c -> chain(c, to, found));
    found.unsupported(
        r, "listenerFilter", Shape.TEXT, "HTTP filters are found by filterChain.filter");
    return new ListenerMatch(port, r.string("name"), chain == null ? "" : chain);
  }

  private static String chain(TreeReader r, @Nullable ApplyTo to, Matched found) {
    String why = "chains are found by portNumber and filterChain.name";
    found.unsupported(r, "sni", Shape.TEXT, why);
    found.unsupported(r, "transportProtocol", Shape.TEXT, why);
    found.unsupported(r, "applicationProtocols", Shape.TEXT, why);
    found.unsupported(r, "destinationPort", Shape.Simple.WHOLE, why);
    r.object(
        "filter",
        f -> {
          String name = f.string("name");
          if (to == ApplyTo.HTTP_FILTER && !name.isEmpty() && !CONNECTION_MANAGER.contains(name)) {
            f.warning(
                UNSUPPORTED,
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
    return r.string("name");
  }

  private static String newer(String name) {
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

  private static @Nullable Patch change(TreeReader r, @Nullable ApplyTo to, Match match) {
    Operation operation = r.constant("operation", Operation.class, "INVALID");
    r.unsupported(
        "filterClass",
        new Shape.Text(List.of("UNSPECIFIED", "AUTHN", "AUTHZ", "STATS")),
        "a filter stands where operation and match say");
    if (operation == null) {
      r.error("operation", "the operation is missing: INSERT_BEFORE or MERGE, for example");
    } else if (!r.has("value") && operation != Operation.REMOVE) {
      r.error("value", "the value is missing, which only REMOVE does without");
    }
    if (operation == null || to == null || !to.carriedOut()) {
      r.ignored("value");
      return null;
    }
    return to == ApplyTo.HTTP_FILTER
        ? filter(r, operation, match)
        : configure(r, to, operation, match);
  }

  private static @Nullable Patch filter(TreeReader r, Operation operation, Match match) {
    ListenerMatch at = match.listener() == null ? ListenerMatch.ANY : match.listener();
    @Nullable Position position =
        switch (operation) {
          case INSERT_FIRST -> Position.FIRST;
          case INSERT_BEFORE -> Position.BEFORE;
          case INSERT_AFTER -> Position.AFTER;
          case ADD -> Position.LAST;
          case REPLACE -> Position.INSTEAD;
          case MERGE, REMOVE -> null;
        };
    if (position == null || position == Position.INSTEAD) {
      if (operation == Operation.MERGE) {
        r.warning(
            UNSUPPORTED,
            "operation",
            "MERGE into filters is not supported" + LEFT_OUT + ": write the filter in full");
        r.ignored("value");
        return null;
      }
      if (match.anchor().isEmpty() || EnvoyFilter.OF_MESH.contains(match.anchor())) {
        r.warning(
            UNSUPPORTED,
            "operation",
            operation
                + " is for filters that EnvoyFilters add, by match.listener.filterChain.filter"
                + ".subFilter.name; those of the mesh stay"
                + LEFT_OUT);
        r.ignored("value");
        return null;
      }
    }
    if (position == null) {
      r.ignored("value");
      return match.carriedOut() ? new RemoveFilter(match.where(), at, match.anchor()) : null;
    }
    return added(r, match, at, position);
  }

  private static @Nullable Patch added(
      TreeReader r, Match match, ListenerMatch at, Position position) {
    return r.open(
        "value",
        v -> {
          String name = v.string("name");
          boolean leftOut = leavesOut(v, "config_discovery", "disabled");
          v.ignored("is_optional");
          if (name.isEmpty()) {
            v.error("name", "the name of the filter is missing, by which routes configure it");
          } else if (EnvoyFilter.OF_MESH.contains(newer(name))) {
            v.error("name", "the mesh has a filter of this name: choose another one");
          }
          if (!v.has("typed_config") && !leftOut) {
            v.error("typed_config", "the configuration is missing, with its type in @type");
          }
          TypedConfig config = v.object("typed_config", TypedConfigParser::ofFilter);
          return config == null || leftOut || !match.carriedOut()
              ? null
              : new AddFilter(match.where(), at, position, match.anchor(), name, config);
        });
  }

  private static @Nullable Patch configure(
      TreeReader r, ApplyTo to, Operation operation, Match match) {
    if (operation != Operation.MERGE) {
      r.warning(
          code(to, operation),
          "operation",
          operation + " of " + to + " is not supported" + LEFT_OUT + ": MERGE is");
      r.ignored("value");
      return null;
    }
    Level level =
        to == ApplyTo.ROUTE_CONFIGURATION
            ? Level.TABLE
            : to == ApplyTo.VIRTUAL_HOST ? Level.HOST : Level.ROUTE;
    RouteMatch at = match.routes() == null ? RouteMatch.ANY : match.routes();
    return r.open(
        "value",
        v -> {
          String key = "typed_per_filter_config";
          Map<String, TypedConfig> configs = new LinkedHashMap<>();
          boolean[] leftOut = {!v.has(key)};
          v.entries(
              key,
              (name, any) -> {
                TypedConfig config = TypedConfigParser.ofRoutes(any);
                if (EnvoyFilter.OF_MESH.contains(newer(name)) && config != null) {
                  any.error(
                      "@type",
                      "the mesh has a filter " + name + ", which has another configuration");
                }
                if (config != null
                    && configs.values().stream().anyMatch(c -> c.type() == config.type())) {
                  any.warning(
                      UNSUPPORTED,
                      "@type",
                      "a place has one configuration of a type, for all filters of it" + LEFT_OUT);
                  leftOut[0] = true;
                } else if (config == null) {
                  leftOut[0] = true;
                } else {
                  configs.put(name, config);
                }
              });
          for (String other : v.keys()) {
            if (!other.equals(key)) {
              leftOut[0] |= leavesOut(v, other);
            }
          }
          return leftOut[0] || !match.carriedOut()
              ? null
              : new ConfigureRoutes(match.where(), at, level, configs);
        });
  }

  /** Istio's code of the mistake, where its analyzers know it. */
  private static String code(ApplyTo to, Operation operation) {
    boolean host = to == ApplyTo.VIRTUAL_HOST;
    return switch (operation) {
      case REPLACE -> "IST0152";
      case ADD -> host ? UNSUPPORTED : "IST0153";
      case REMOVE -> host ? UNSUPPORTED : "IST0154";
      case MERGE, INSERT_BEFORE, INSERT_AFTER, INSERT_FIRST -> UNSUPPORTED;
    };
  }

  private static boolean leavesOut(TreeReader r, String... keys) {
    boolean any = false;
    for (String key : keys) {
      if (r.has(key)) {
        r.warning(UNSUPPORTED, key, "this is not supported" + LEFT_OUT);
        any = true;
      }
    }
    return any;
  }
}
