package dev.weft.server.worker;

import dev.weft.exchange.Buckets;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RouteTable;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.RouteSource;
import dev.weft.runtime.RuntimeConfig;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tokens of the limits of rates that hold for the whole process. A limit that did not change
 * keeps its tokens when other configuration comes. Safe for all threads.
 */
public final class RateLimits {
  private final ConcurrentHashMap<RateLimitPolicy, Buckets> all = new ConcurrentHashMap<>();
  private final InstantSource clock;

  RateLimits(InstantSource clock) {
    this.clock = clock;
  }

  /** The buckets of a limit, full where they are asked for first. */
  Buckets of(RateLimitPolicy limit) {
    return all.computeIfAbsent(limit, this::full);
  }

  /** Buckets that nobody else takes tokens from. */
  public Buckets full(RateLimitPolicy limit) {
    return new TokenBuckets(limit, clock);
  }

  /** Forgets the limits that are not configured any more. */
  void keep(RuntimeConfig config) {
    if (!all.isEmpty()) {
      Set<RateLimitPolicy> configured = configured(config).collect(Collectors.toSet());
      all.keySet().retainAll(configured);
    }
  }

  /** How many limits have been asked for. */
  int size() {
    return all.size();
  }

  private static Stream<RateLimitPolicy> configured(RuntimeConfig config) {
    return Stream.concat(
        pipelines(config)
            .flatMap(pipeline -> pipeline.filters().stream())
            .filter(HttpFilter.LocalRateLimit.class::isInstance)
            .map(filter -> ((HttpFilter.LocalRateLimit) filter).policy()),
        Stream.concat(config.routeTables().values().stream(), inline(config))
            .flatMap(table -> table.virtualHosts().stream())
            .flatMap(host -> host.routes().stream())
            .map(route -> route.policy(RateLimitPolicy.class))
            .filter(Objects::nonNull));
  }

  private static Stream<RouteTable> inline(RuntimeConfig config) {
    return pipelines(config)
        .map(HttpPipeline::routes)
        .filter(RouteSource.Inline.class::isInstance)
        .map(source -> ((RouteSource.Inline) source).table());
  }

  private static Stream<HttpPipeline> pipelines(RuntimeConfig config) {
    return config.listeners().values().stream()
        .flatMap(listener -> listener.allChains())
        .map(chain -> chain.pipeline())
        .filter(HttpPipeline.class::isInstance)
        .map(HttpPipeline.class::cast);
  }
}
