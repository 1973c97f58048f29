package dev.weft.config;

import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.Level;
import dev.weft.config.EnvoyFilter.LimitRules;
import dev.weft.config.EnvoyFilter.ListenerMatch;
import dev.weft.config.EnvoyFilter.MergeFilter;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.Position;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import dev.weft.config.EnvoyFilter.RouteMatch;
import dev.weft.config.PatchMatchParser.ApplyTo;
import dev.weft.config.PatchMatchParser.Match;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code networking.istio.io EnvoyFilter}: HTTP filters that proxies have, and their configuration
 * for routes. Every other patch is left out and named, and the rest of the object goes on. Rules:
 * Istio, pkg/config/validation/validation.go, {@code ValidateEnvoyFilter}.
 */
final class EnvoyFilterParser {
  private static final String UNSUPPORTED = "unsupported-field";
  private static final String LEFT_OUT = ", so the patch is left out";

  private EnvoyFilterParser() {}

  static EnvoyFilter read(ObjectMeta meta, TreeReader spec) {
    PolicyTarget target = PolicyTarget.read(spec, "workloadSelector", "labels", "targetRefs");
    List<Patch> patches = spec.objects("configPatches", EnvoyFilterParser::patch);
    int priority = spec.integer("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return new EnvoyFilter(meta, target, priority, patches);
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
    Match written = r.object("match", m -> PatchMatchParser.read(m, to));
    Match match = written == null ? Match.EVERYWHERE : written;
    if (!r.has("patch")) {
      r.error("patch", "the patch itself is missing");
    }
    return r.object("patch", p -> change(p, to, match));
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
    boolean ofAdded = position == null || position == Position.INSTEAD;
    if (ofAdded && (match.anchor().isEmpty() || EnvoyFilter.OF_MESH.contains(match.anchor()))) {
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
    if (operation == Operation.MERGE) {
      return merged(r, match, at);
    }
    if (position == null) {
      r.ignored("value");
      return match.carriedOut() ? new RemoveFilter(match.where(), at, match.anchor()) : null;
    }
    return added(r, match, at, position);
  }

  private static @Nullable Patch merged(TreeReader r, Match match, ListenerMatch at) {
    return r.open(
        "value",
        v -> {
          String name = v.string("name");
          boolean leftOut = leavesOut(v, "config_discovery", "disabled");
          v.ignored("is_optional");
          TypedConfig config = v.object("typed_config", TypedConfigParser::partOfFilter);
          if (!name.isEmpty() && !name.equals(match.anchor())) {
            v.warning(UNSUPPORTED, "name", "a filter keeps its name" + LEFT_OUT);
            leftOut = true;
          }
          if (!v.has("typed_config") && !leftOut) {
            v.error("typed_config", "what is merged is missing, with its type in @type");
          }
          return config == null || leftOut || !match.carriedOut()
              ? null
              : new MergeFilter(match.where(), at, match.anchor(), config);
        });
  }

  private static @Nullable Patch added(
      TreeReader r, Match match, ListenerMatch at, Position position) {
    return r.open(
        "value",
        v -> {
          String name = v.string("name");
          boolean leftOut = leavesOut(v, "config_discovery", "disabled");
          v.ignored("is_optional");
          TypedConfig config = v.object("typed_config", TypedConfigParser::ofFilter);
          if (name.isEmpty()) {
            v.error("name", "the name of the filter is missing, by which routes configure it");
          } else if (config != null && EnvoyFilter.OF_MESH.contains(PatchMatchParser.newer(name))) {
            v.error("name", "the mesh has a filter of this name: choose another one");
          }
          if (!v.has("typed_config") && !leftOut) {
            v.error("typed_config", "the configuration is missing, with its type in @type");
          }
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
          boolean[] leftOut = {false};
          v.entries(
              key,
              (name, any) -> {
                TypedConfig config = TypedConfigParser.ofRoutes(any);
                if (EnvoyFilter.OF_MESH.contains(PatchMatchParser.newer(name)) && config != null) {
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
          MessageReader message = new MessageReader(v.strict());
          LimitRules limits = limits(message, level);
          for (String other : v.keys()) {
            if (!other.equals(key) && !other.equals(limitsAt(level))) {
              leftOut[0] |= leavesOut(v, other);
            }
          }
          boolean nothing = configs.isEmpty() && limits.equals(LimitRules.NONE);
          return nothing || leftOut[0] || !message.carriedOut() || !match.carriedOut()
              ? null
              : new ConfigureRoutes(match.where(), at, level, configs, limits);
        });
  }

  /** The field that has rules of limits of rates in it; empty where there is none. */
  private static String limitsAt(Level level) {
    return switch (level) {
      case TABLE -> "";
      case HOST -> "rate_limits";
      case ROUTE -> "route";
    };
  }

  /** By what limits of rates tell requests apart. Envoy: route_components.proto. */
  private static LimitRules limits(MessageReader m, Level level) {
    return switch (level) {
      case TABLE -> LimitRules.NONE;
      case HOST -> new LimitRules(RateLimitParser.rules(m), null);
      case ROUTE -> {
        LimitRules[] limits = {LimitRules.NONE};
        m.message(
            "route",
            route -> {
              limits[0] =
                  new LimitRules(
                      RateLimitParser.rules(route), route.flag("include_vh_rate_limits"));
              for (String other : route.in().keys()) {
                if (!other.equals("rate_limits") && !other.equals("include_vh_rate_limits")) {
                  route.notCarriedOut(other);
                }
              }
            });
        yield limits[0];
      }
    };
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
