package dev.weft.runtime;

import dev.weft.routing.Cidr;
import dev.weft.routing.IpLiteral;
import dev.weft.types.HostPort;
import dev.weft.xds.ListenersBeside;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.TypedConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.listener.v3.Listener}. */
final class ListenerCompiler {
  private static final String LISTENER_FILTER = "envoy.extensions.filters.listener.";

  private ListenerCompiler() {}

  static Listener compile(ProtoFields in) {
    in.ignore(IgnoredInListeners.LISTENER);
    if (in.wrappedBool(10, false)) {
      throw in.reject("transparent", "TPROXY is not supported; use REDIRECT");
    }
    List<HostPort> addresses = new ArrayList<>();
    bindAddresses(in.required(2, "address"), addresses);
    for (ProtoFields more : in.messages(33, "additional_addresses")) {
      bindAddresses(more.required(1, "address"), addresses);
    }
    ProtoFields legacy = in.message(7, "deprecated_v1");
    boolean bind = in.wrappedBool(26, true) && (legacy == null || legacy.wrappedBool(1, true));
    ProtoFields fallback = in.message(25, "default_filter_chain");
    return new Listener(
        in.text(1),
        addresses,
        bind,
        in.wrappedBool(4, false),
        direction(in, in.integer(16)),
        filters(in),
        FilterChainTable.of(in.each(3, "filter_chains", each -> chain(each, in.text(1)))),
        fallback == null ? null : chain(fallback, in.text(1)),
        AccessLogCompiler.all(in, 22, "access_log"),
        in.duration(15, Duration.ofSeconds(15)),
        in.bool(17),
        beside(in.message(6, "metadata")));
  }

  private static List<String> beside(@Nullable ProtoFields metadata) {
    if (metadata == null) {
      return List.of();
    }
    metadata.ignore(IgnoredInListeners.METADATA);
    Map<String, ProtoFields> filters = metadata.map(1, "filter_metadata");
    ProtoFields own = filters.get(ListenersBeside.METADATA);
    List<String> names = new ArrayList<>();
    if (own != null
        && ProtoStruct.read(own).get(ListenersBeside.LISTENERS) instanceof List<?> list) {
      list.forEach(name -> names.add(String.valueOf(name)));
    }
    filters.values().forEach(each -> each.ignore(IgnoredInListeners.OTHER_METADATA));
    return names;
  }

  /** With {@code ipv4_compat}, {@code ::} stands for the addresses of both families. */
  private static void bindAddresses(ProtoFields in, List<HostPort> addresses) {
    HostPort address = EndpointCompiler.address(in);
    if (!IpLiteral.is(address.host())) {
      throw in.reject("socket_address.address", "'" + address.host() + "' is no IP address");
    }
    addresses.add(address);
    if (address.host().equals("::") && in.required(1, "socket_address").bool(6)) {
      addresses.add(new HostPort("0.0.0.0", address.port()));
    }
  }

  private static Listener.Direction direction(ProtoFields in, int value) {
    return switch (value) {
      case 0 -> Listener.Direction.UNSPECIFIED;
      case 1 -> Listener.Direction.INBOUND;
      case 2 -> Listener.Direction.OUTBOUND;
      default -> throw in.reject("traffic_direction", "unknown value " + value);
    };
  }

  private static ListenerFilters filters(ProtoFields in) {
    boolean originalDst = false;
    ListenerFilters.Inspector tls = ListenerFilters.Inspector.OFF;
    ListenerFilters.Inspector http = ListenerFilters.Inspector.OFF;
    for (ProtoFields filter : in.messages(9, "listener_filters")) {
      String name = filter.text(1);
      TypedConfig config = filter.any(3, "typed_config");
      String type = config == null ? legacyType(name) : config.type();
      ListenerFilters.Inspector inspector =
          new ListenerFilters.Inspector(true, disabled(filter.message(4, "filter_disabled")));
      switch (type) {
        case LISTENER_FILTER + "original_dst.v3.OriginalDst" -> originalDst = true;
        case LISTENER_FILTER + "tls_inspector.v3.TlsInspector" -> tls = inspector;
        case LISTENER_FILTER + "http_inspector.v3.HttpInspector" -> http = inspector;
        case LISTENER_FILTER + "proxy_protocol.v3.ProxyProtocol" ->
            throw filter.reject(
                "typed_config",
                "listener filter proxy_protocol is not supported; take it off, or put the PROXY"
                    + " protocol's peer in front of another proxy");
        default -> throw filter.reject("typed_config", "listener filter " + type + " is unknown");
      }
      if (config != null) {
        config.fields().ignore(IgnoredInListeners.LISTENER_FILTER);
      }
    }
    return new ListenerFilters(originalDst, tls, http);
  }

  private static String legacyType(String name) {
    return switch (name) {
      case "envoy.filters.listener.original_dst" -> LISTENER_FILTER + "original_dst.v3.OriginalDst";
      case "envoy.filters.listener.tls_inspector" ->
          LISTENER_FILTER + "tls_inspector.v3.TlsInspector";
      case "envoy.filters.listener.http_inspector" ->
          LISTENER_FILTER + "http_inspector.v3.HttpInspector";
      case "envoy.filters.listener.proxy_protocol" ->
          LISTENER_FILTER + "proxy_protocol.v3.ProxyProtocol";
      default -> name;
    };
  }

  /** Where a listener filter is off: a destination port range, or several joined by "or". */
  private static List<ListenerFilters.PortRange> disabled(@Nullable ProtoFields predicate) {
    if (predicate == null) {
      return List.of();
    }
    ProtoFields or = predicate.message(1, "or_match");
    if (or != null) {
      return or.messages(1, "rules").stream().flatMap(r -> disabled(r).stream()).toList();
    }
    if (predicate.bool(4)) {
      return List.of(new ListenerFilters.PortRange(0, 65536));
    }
    ProtoFields range = predicate.message(5, "destination_port_range");
    if (range == null) {
      throw predicate.reject("rule", "only any_match, or_match and destination_port_range work");
    }
    return List.of(new ListenerFilters.PortRange(range.integer(1), range.integer(2)));
  }

  private static FilterChain chain(ProtoFields in, String listener) {
    in.ignore(IgnoredInListeners.FILTER_CHAIN);
    if (in.wrappedBool(4, false)) {
      throw in.reject("use_proxy_proto", "use the proxy_protocol listener filter");
    }
    ProtoFields match = in.message(1, "filter_chain_match");
    return new FilterChain(
        in.text(7),
        match == null ? ChainMatch.ANY : match(match),
        TlsCompiler.downstream(in.message(6, "transport_socket")),
        NetworkFilters.pipeline(in, listener + "/" + in.text(7)),
        in.duration(9, Duration.ZERO));
  }

  private static ChainMatch match(ProtoFields in) {
    if (in.integer(12) != 0) {
      throw in.reject("source_type", "only ANY is supported");
    }
    return new ChainMatch(
        (int) in.wrapped(8, 0),
        in.each(3, "prefix_ranges", ListenerCompiler::cidr),
        in.texts(11).stream().map(s -> s.toLowerCase(Locale.ROOT)).toList(),
        in.text(9),
        in.texts(10),
        in.each(6, "source_prefix_ranges", ListenerCompiler::cidr));
  }

  private static Cidr cidr(ProtoFields in) {
    try {
      return Cidr.of(in.text(1), (int) in.wrapped(2, 0));
    } catch (IllegalArgumentException e) {
      throw in.reject("address_prefix", String.valueOf(e.getMessage()));
    }
  }
}
