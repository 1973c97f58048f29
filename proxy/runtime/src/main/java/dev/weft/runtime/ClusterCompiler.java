package dev.weft.runtime;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.routing.LoadAssignment;
import dev.weft.routing.OutlierPolicy;
import dev.weft.types.HostPort;
import dev.weft.xds.DialledTransports;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.TypedConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.cluster.v3.Cluster}. */
final class ClusterCompiler {
  /** Percent of its share that a new endpoint gets at first, and Envoy's default. */
  private static final double MIN_SHARE = 10;

  private static final int V6_ONLY = 2;

  private ClusterCompiler() {}

  /**
   * A cluster, and its endpoints where they are written in it.
   *
   * @param assignment null: endpoints come from elsewhere
   */
  record Result(Cluster cluster, @Nullable LoadAssignment assignment) {}

  static Result compile(ProtoFields in) {
    in.ignore(IgnoredInClusters.CLUSTER);
    filters(in);
    String name = in.text(1);
    ClusterHttp.Options http = ClusterHttp.compile(in);
    ProtoFields inline = in.message(33, "load_assignment");
    ProtoFields metadata = in.message(25, "metadata");
    Map<String, ProtoFields> filters = Map.of();
    if (metadata != null) {
      metadata.ignore(IgnoredInClusters.METADATA);
      filters = metadata.map(1, "filter_metadata");
    }
    Cluster.Discovery discovery = discovery(in, name, filters.get(DialledTransports.METADATA));
    List<Cluster.ServiceName> services = services(filters.get("istio"));
    ProtoFields least = in.message(37, "least_request_lb_config");
    filters.values().forEach(each -> each.ignore(IgnoredInClusters.OTHER_METADATA));
    Cluster cluster =
        new Cluster(
            name,
            discovery,
            lbPolicy(in, discovery, least),
            tuning(in.message(27, "common_lb_config"), slowStart(in, least)),
            in.duration(4, Duration.ofSeconds(5)),
            in.each(43, "transport_socket_matches", m -> transportMatch(m, http)),
            TlsCompiler.upstream(
                in.message(24, "transport_socket"), http.autoSni(), http.autoSanValidation()),
            sourceAddress(in.message(21, "upstream_bind_config")),
            http.options(),
            limits(in.message(10, "circuit_breakers")),
            outlier(in.message(19, "outlier_detection")),
            services,
            keepalive(in.message(30, "upstream_connection_options")));
    boolean written = inline != null || discovery instanceof Cluster.Discovery.Static;
    LoadAssignment assignment =
        inline == null ? LoadAssignment.empty(name) : EndpointCompiler.assignment(inline);
    return new Result(cluster, written ? assignment : null);
  }

  private static Cluster.Discovery discovery(
      ProtoFields in, String name, @Nullable ProtoFields dialled) {
    ProtoFields eds = in.message(3, "eds_cluster_config");
    if (in.integer(17) == V6_ONLY) {
      throw in.reject("dns_lookup_family", "V6_ONLY is not supported; V4_PREFERRED is");
    }
    return switch (in.integer(2)) {
      case 0 -> new Cluster.Discovery.Static();
      case 1, 2 -> new Cluster.Discovery.Dns();
      case 3 -> {
        String service = "";
        if (eds != null) {
          ProtoFields source = eds.message(1, "eds_config");
          if (source != null) {
            source.ignore(IgnoredInListeners.CONFIG_SOURCE);
          }
          service = eds.text(2);
        }
        yield new Cluster.Discovery.Eds(service.isEmpty() ? name : service);
      }
      case 4 -> {
        ProtoFields original = in.message(34, "original_dst_lb_config");
        if (original != null && (original.has(1) || original.has(3) || original.has(4))) {
          throw original.reject("use_http_header", "only the connection's destination is used");
        }
        yield new Cluster.Discovery.OriginalDst(mutual(dialled));
      }
      default -> throw in.reject("type", "unknown discovery type");
    };
  }

  private static LbPolicy lbPolicy(
      ProtoFields in, Cluster.Discovery discovery, @Nullable ProtoFields least) {
    ProtoFields ring = in.message(23, "ring_hash_lb_config");
    ProtoFields maglev = in.message(52, "maglev_lb_config");
    if (ring != null) {
      if (ring.integer(3) != 0) {
        throw ring.reject("hash_function", "only XX_HASH is supported");
      }
      ring.ignore(IgnoredInClusters.RING);
    }
    int choices = least == null ? 2 : (int) Math.max(2, least.wrapped(1, 2));
    return switch (in.integer(6)) {
      case 0 -> new LbPolicy.RoundRobin();
      case 1 -> new LbPolicy.LeastRequest(choices);
      case 2 -> new LbPolicy.RingHash(ring == null ? 1024 : ring.wrapped(1, 1024));
      case 3 -> new LbPolicy.Random();
      case 5 -> new LbPolicy.Maglev(maglev == null ? 65537 : maglev.wrapped(1, 65537));
      case 6 -> {
        if (!(discovery instanceof Cluster.Discovery.OriginalDst)) {
          throw in.reject("lb_policy", "CLUSTER_PROVIDED needs the type ORIGINAL_DST");
        }
        yield new LbPolicy.ClusterProvided();
      }
      default -> throw in.reject("lb_policy", "load_balancing_policy is not supported");
    };
  }

  /** Of the two policies that know it. */
  private static Duration slowStart(ProtoFields in, @Nullable ProtoFields least) {
    ProtoFields round = in.message(56, "round_robin_lb_config");
    if (least != null) {
      refuseOther(least.message(2, "active_request_bias"), 1);
    }
    ProtoFields slow =
        least != null
            ? least.message(3, "slow_start_config")
            : round == null ? null : round.message(1, "slow_start_config");
    if (slow == null) {
      return Duration.ZERO;
    }
    // How the share grows: evenly, from a tenth.
    refuseOther(slow.message(2, "aggression"), 1);
    ProtoFields share = slow.message(3, "min_weight_percent");
    if (share != null && share.real(1) != 0 && share.real(1) != MIN_SHARE) {
      throw slow.reject("min_weight_percent", "only " + MIN_SHARE + " is supported");
    }
    return slow.duration(1, Duration.ZERO);
  }

  /** A {@code RuntimeDouble} that may say what is done anyway. */
  private static void refuseOther(@Nullable ProtoFields runtime, double only) {
    if (runtime == null) {
      return;
    }
    runtime.ignore(IgnoredInClusters.RUNTIME_DOUBLE);
    double value = runtime.real(1);
    if (value != 0 && value != only) {
      throw runtime.reject("default_value", "only " + only + " is supported");
    }
  }

  private static LbTuning tuning(@Nullable ProtoFields in, Duration slowStart) {
    if (in == null) {
      return new LbTuning(
          LbTuning.DEFAULT.panicThreshold(), LbTuning.DEFAULT.localityWeighted(), slowStart);
    }
    in.ignore(IgnoredInClusters.BALANCING);
    if (in.bool(6)) {
      throw in.reject("close_connections_on_host_set_change", "is not supported");
    }
    ProtoFields panic = in.message(1, "healthy_panic_threshold");
    ProtoFields weighted = in.message(3, "locality_weighted_lb_config");
    return new LbTuning(
        panic == null ? LbTuning.DEFAULT.panicThreshold() : panic.real(1),
        weighted != null,
        slowStart);
  }

  private static Cluster.TransportMatch transportMatch(ProtoFields in, ClusterHttp.Options http) {
    ProtoFields criteria = in.message(2, "match");
    return new Cluster.TransportMatch(
        in.text(1),
        criteria == null ? Map.of() : ProtoStruct.texts(criteria),
        TlsCompiler.upstream(
            in.message(3, "transport_socket"), http.autoSni(), http.autoSanValidation()));
  }

  private static @Nullable String sourceAddress(@Nullable ProtoFields bind) {
    if (bind == null) {
      return null;
    }
    bind.ignore(IgnoredInClusters.BIND);
    ProtoFields source = bind.message(1, "source_address");
    if (source == null) {
      return null;
    }
    source.ignore(IgnoredInClusters.SOURCE_ADDRESS);
    if (source.integer(3) != 0) {
      throw source.reject("port_value", "the kernel chooses the port that is dialled from");
    }
    String address = source.text(2);
    if (!IpLiteral.is(address)) {
      throw source.reject("address", "'" + address + "' is no IP address");
    }
    return address;
  }

  private static CircuitLimits limits(@Nullable ProtoFields in) {
    if (in == null) {
      return CircuitLimits.DEFAULT;
    }
    CircuitLimits limits = CircuitLimits.DEFAULT;
    for (ProtoFields threshold : in.messages(1, "thresholds")) {
      threshold.ignore(IgnoredInClusters.THRESHOLDS);
      CircuitLimits read =
          new CircuitLimits(
              threshold.wrapped(2, limits.maxConnections()),
              threshold.wrapped(3, limits.maxPendingRequests()),
              threshold.wrapped(4, limits.maxRequests()),
              threshold.wrapped(5, limits.maxRetries()));
      if (threshold.integer(1) == 0) {
        limits = read;
      }
    }
    return limits;
  }

  private static @Nullable OutlierPolicy outlier(@Nullable ProtoFields in) {
    if (in == null) {
      return null;
    }
    in.ignore(IgnoredInClusters.OUTLIERS);
    refuseEnforced(in, 6, "enforcing_success_rate");
    refuseEnforced(in, 15, "enforcing_local_origin_success_rate");
    refuseEnforced(in, 17, "enforcing_failure_percentage");
    refuseEnforced(in, 18, "enforcing_failure_percentage_local_origin");
    Duration base = in.duration(3, Duration.ofSeconds(30));
    Duration max = in.duration(21, Duration.ofSeconds(300));
    return new OutlierPolicy(
        failures(in, 5, 100, 1),
        failures(in, 11, 0, 10),
        failures(in, 14, 100, 13),
        in.bool(12),
        in.duration(2, Duration.ofSeconds(10)),
        base,
        max.compareTo(base) < 0 ? base : max,
        (int) Math.min(100, in.wrapped(4, 10)),
        in.wrappedBool(25, false));
  }

  /** How many failures in a row eject; 0 for a rule that is not enforced. */
  private static int failures(ProtoFields in, int enforcing, int otherwise, int field) {
    long percent = in.wrapped(enforcing, otherwise);
    if (percent != 0 && percent != 100) {
      throw in.reject("enforcing", "rules are enforced always (100) or never (0)");
    }
    int failures = (int) in.wrapped(field, 5);
    return percent == 100 ? failures : 0;
  }

  private static void refuseEnforced(ProtoFields in, int field, String name) {
    if (in.wrapped(field, 0) > 0) {
      throw in.reject(name, "is not supported; set it to 0");
    }
  }

  private static void filters(ProtoFields in) {
    for (ProtoFields filter : in.messages(40, "filters")) {
      filter.ignore(IgnoredInClusters.FILTER);
      TypedConfig config = filter.any(2, "typed_config");
      if (config == null || !config.is(NetworkFilters.METADATA_EXCHANGE)) {
        throw filter.reject("typed_config", "only istio.metadata_exchange is supported");
      }
      config.fields().ignore(IgnoredInListeners.METADATA_EXCHANGE);
    }
  }

  private static Set<HostPort> mutual(@Nullable ProtoFields dialled) {
    Set<HostPort> addresses = new LinkedHashSet<>();
    if (dialled != null
        && ProtoStruct.read(dialled).get(DialledTransports.ISTIO) instanceof List<?> list) {
      for (Object item : list) {
        try {
          addresses.add(HostPort.parse(String.valueOf(item)));
        } catch (IllegalArgumentException e) {
          throw dialled.reject(DialledTransports.ISTIO, String.valueOf(e.getMessage()));
        }
      }
    }
    return addresses;
  }

  private static List<Cluster.ServiceName> services(@Nullable ProtoFields istio) {
    List<Cluster.ServiceName> services = new ArrayList<>();
    if (istio != null && ProtoStruct.read(istio).get("services") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> service) {
          services.add(
              new Cluster.ServiceName(
                  text(service, "host"), text(service, "name"), text(service, "namespace")));
        }
      }
    }
    return services;
  }

  private static String text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String text ? text : "";
  }

  private static Cluster.@Nullable TcpKeepalive keepalive(@Nullable ProtoFields in) {
    if (in == null) {
      return null;
    }
    in.ignore(IgnoredInClusters.CONNECTION_OPTIONS);
    ProtoFields keepalive = in.message(1, "tcp_keepalive");
    return keepalive == null
        ? null
        : new Cluster.TcpKeepalive(
            (int) keepalive.wrapped(1, 0),
            (int) keepalive.wrapped(2, 0),
            (int) keepalive.wrapped(3, 0));
  }
}
