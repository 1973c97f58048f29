package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.LocalityLoadBalancing;
import dev.weft.config.TraceProvider;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.Collectors;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.TrafficDistribution;
import dev.weft.types.ClusterId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the policies of a mesh read of clients. Labels that none of them reads make no difference
 * between two proxies.
 *
 * @param labels the keys of the labels
 * @param nodes whether it matters on which node a client runs
 * @param collectors of the mesh; with one of them it matters what a workload is called
 */
public record PolicyReads(Set<String> labels, boolean nodes, List<Collector> collectors) {
  public PolicyReads {
    labels = Copies.set(labels);
    collectors = List.copyOf(collectors);
  }

  public static PolicyReads of(MeshSnapshot snapshot) {
    Set<String> labels = new TreeSet<>();
    addFailover(snapshot.settings().localityLoadBalancing(), labels);
    snapshot
        .destinationRules()
        .all()
        .forEach(
            rule -> {
              labels.addAll(rule.workloadSelector().keySet());
              addFailover(rule.trafficPolicy(), labels);
              rule.subsets().forEach(subset -> addFailover(subset.trafficPolicy(), labels));
            });
    for (VirtualService service : snapshot.virtualServices()) {
      service.http().stream()
          .flatMap(route -> route.matches().stream())
          .forEach(match -> labels.addAll(match.sourceLabels().keySet()));
      Stream.concat(
              service.tcp().stream().flatMap(route -> route.matches().stream()),
              service.tls().stream().flatMap(route -> route.matches().stream()))
          .forEach(match -> labels.addAll(match.sourceLabels().keySet()));
    }
    snapshot.services().values().forEach(s -> labels.addAll(TrafficDistribution.labels(s)));
    return new PolicyReads(
        labels,
        snapshot.services().values().stream().anyMatch(MeshService::nodeLocal),
        collectors(snapshot));
  }

  /** Somebody who takes spans, and who reaches it. */
  public record Collector(
      TraceProvider provider,
      String host,
      List<String> exportTo,
      boolean clusterLocal,
      List<ClusterId> clusters) {
    public Collector {
      exportTo = List.copyOf(exportTo);
      clusters = List.copyOf(clusters);
    }

    private static Collector of(TraceProvider provider, MeshService service) {
      return new Collector(
          provider,
          service.hostname(),
          service.exportTo(),
          service.clusterLocal(),
          service.clusters());
    }
  }

  private static List<Collector> collectors(MeshSnapshot snapshot) {
    return snapshot.settings().traces().providers().stream()
        .flatMap(p -> Collectors.service(snapshot, p).map(s -> Collector.of(p, s)).stream())
        .toList();
  }

  /** Whether spans are made somewhere. */
  boolean traces() {
    return !collectors.isEmpty();
  }

  private static void addFailover(TrafficPolicy policy, Set<String> labels) {
    TrafficPolicy.@Nullable LoadBalancer balancer = policy.loadBalancer();
    if (balancer != null && balancer.locality() != null) {
      addFailover(balancer.locality(), labels);
    }
    policy.ports().values().forEach(port -> addFailover(port, labels));
  }

  private static void addFailover(LocalityLoadBalancing locality, Set<String> labels) {
    locality.failoverPriority().forEach(label -> labels.add(label.split("=", 2)[0]));
  }

  /** Of these labels, those that matter. */
  Map<String, String> of(Map<String, String> all) {
    Map<String, String> some = new TreeMap<>();
    for (String key : labels) {
      String value = all.get(key);
      if (value != null) {
        some.put(key, value);
      }
    }
    return some;
  }
}
