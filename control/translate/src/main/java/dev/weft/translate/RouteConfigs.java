package dev.weft.translate;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.config.Copies;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What EnvoyFilters configure for a place in a route table.
 *
 * @param filters by the names of filters
 * @param limits {@code RateLimit} messages: by what limits of rates tell requests apart
 * @param withHost whether those of the virtual host hold beside those of a route; null where it is
 *     not said
 */
record RouteConfigs(
    Map<String, PackedConfig> filters, List<ByteString> limits, @Nullable Boolean withHost) {
  static final RouteConfigs NONE = new RouteConfigs(Map.of(), List.of(), null);

  RouteConfigs {
    filters = Copies.map(filters);
    limits = List.copyOf(limits);
  }

  boolean isEmpty() {
    return equals(NONE);
  }

  /**
   * These with those of a later patch. A place has one configuration of a type: proxies do not tell
   * filters of a type apart.
   */
  RouteConfigs with(RouteConfigs later) {
    Map<String, PackedConfig> all = new LinkedHashMap<>(filters);
    later.filters.forEach(
        (name, config) -> {
          all.values().removeIf(earlier -> earlier.url().equals(config.url()));
          all.put(name, config);
        });
    List<ByteString> both = new ArrayList<>(limits);
    both.addAll(later.limits);
    return new RouteConfigs(all, both, later.withHost == null ? withHost : later.withHost);
  }

  /** Limits are told only where a route forwards. */
  void apply(Route.Builder route) {
    filters.forEach((name, config) -> route.putTypedPerFilterConfig(name, config.any()));
    if (route.hasRoute()) {
      messages().forEach(route.getRouteBuilder()::addRateLimits);
      if (withHost != null) {
        route.getRouteBuilder().setIncludeVhRateLimits(BoolValue.of(withHost));
      }
    }
  }

  void apply(VirtualHost.Builder host) {
    filters.forEach((name, config) -> host.putTypedPerFilterConfig(name, config.any()));
    messages().forEach(host::addRateLimits);
  }

  private List<RateLimit> messages() {
    List<RateLimit> messages = new ArrayList<>(limits.size());
    for (ByteString limit : limits) {
      try {
        messages.add(RateLimit.parseFrom(limit));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("a message of our own that cannot be read", e);
      }
    }
    return messages;
  }
}
