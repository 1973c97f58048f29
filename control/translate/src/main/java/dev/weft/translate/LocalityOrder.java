package dev.weft.translate;

import dev.weft.config.LocalityLoadBalancing.Distribute;
import dev.weft.config.LocalityLoadBalancing.Failover;
import dev.weft.translate.LoadAssignmentInputs.LbEndpoint;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Groups endpoints by locality, and gives the groups priorities or shares as the client's
 * preference says. Istio: pilot/pkg/networking/core/loadbalancer/loadbalancer.go.
 */
final class LocalityOrder {
  private static final String NETWORK_LABEL = "topology.istio.io/network";
  private static final int LOCALITY_LEVELS = 5;

  private LocalityOrder() {}

  /**
   * Endpoints of one locality and one priority.
   *
   * @param weight the sum of the endpoints' weights, or the share of a distribution
   */
  record Group(Locality locality, int priority, long weight, List<LbEndpoint> endpoints) {
    Group {
      endpoints = List.copyOf(endpoints);
    }
  }

  static List<Group> groups(LoadAssignmentInputs in) {
    return switch (in.preference()) {
      case LocalityPreference.Ignored ignored ->
          byLocality(in.endpoints()).entrySet().stream()
              .map(e -> new Group(e.getKey(), 0, sum(e.getValue()), e.getValue()))
              .toList();
      case LocalityPreference.Shares shares -> distribute(in, shares);
      case LocalityPreference.Nearest nearest -> failover(in, nearest);
    };
  }

  private static Map<Locality, List<LbEndpoint>> byLocality(List<LbEndpoint> endpoints) {
    Map<Locality, List<LbEndpoint>> groups = new TreeMap<>();
    endpoints.forEach(e -> groups.computeIfAbsent(e.locality(), l -> new ArrayList<>()).add(e));
    return groups;
  }

  private static long sum(List<LbEndpoint> endpoints) {
    return endpoints.stream().mapToLong(LbEndpoint::weight).sum();
  }

  private static List<Group> distribute(LoadAssignmentInputs in, LocalityPreference.Shares shares) {
    Map<Locality, List<LbEndpoint>> left = byLocality(in.endpoints());
    Optional<Distribute> entry =
        shares.entries().stream().filter(d -> matches(d.from(), in.client())).findFirst();
    if (entry.isEmpty()) {
      return left.entrySet().stream()
          .map(e -> new Group(e.getKey(), 0, sum(e.getValue()), e.getValue()))
          .toList();
    }
    List<Group> groups = new ArrayList<>();
    // More segments first, so that a pattern never takes what a narrower one means.
    List<String> patterns =
        entry.get().to().keySet().stream()
            .sorted(
                Comparator.comparingInt((String p) -> -p.split("/").length)
                    .thenComparing(p -> p.endsWith("*"))
                    .thenComparing(p -> p))
            .toList();
    for (String pattern : patterns) {
      List<Locality> taken = left.keySet().stream().filter(l -> matches(pattern, l)).toList();
      long total = taken.stream().mapToLong(l -> sum(left.getOrDefault(l, List.of()))).sum();
      long share = entry.get().to().getOrDefault(pattern, 0);
      for (Locality locality : taken) {
        List<LbEndpoint> endpoints = left.getOrDefault(locality, List.of());
        left.remove(locality);
        groups.add(new Group(locality, 0, (sum(endpoints) * share + total - 1) / total, endpoints));
      }
    }
    groups.sort(Comparator.comparing(Group::locality));
    return groups;
  }

  /** {@code *}, {@code region/*}, {@code region/zone/*} or a whole locality. */
  private static boolean matches(String pattern, Locality locality) {
    String[] parts = pattern.split("/");
    String[] own = {locality.region(), locality.zone(), locality.subzone()};
    for (int i = 0; i < parts.length && i < own.length; i++) {
      if (parts[i].equals("*")) {
        return true;
      }
      if (!parts[i].equals(own[i])) {
        return false;
      }
    }
    return true;
  }

  private static List<Group> failover(LoadAssignmentInputs in, LocalityPreference.Nearest nearest) {
    record Place(int priority, Locality locality) {}
    Map<Place, List<LbEndpoint>> places = new LinkedHashMap<>();
    Set<Integer> raw = new TreeSet<>();
    for (LbEndpoint endpoint : in.endpoints()) {
      int priority = byLabels(endpoint, in.clientLabels(), nearest.labels());
      if (nearest.labels().isEmpty()) {
        priority = byPlace(endpoint.locality(), in.client(), nearest.failover());
      } else if (!nearest.failover().isEmpty()) {
        priority =
            priority * LOCALITY_LEVELS
                + byPlace(endpoint.locality(), in.client(), nearest.failover());
      }
      raw.add(priority);
      places
          .computeIfAbsent(new Place(priority, endpoint.locality()), p -> new ArrayList<>())
          .add(endpoint);
    }
    List<Integer> order = List.copyOf(raw.stream().sorted().toList());
    return places.entrySet().stream()
        .map(
            e ->
                new Group(
                    e.getKey().locality(),
                    order.indexOf(e.getKey().priority()),
                    sum(e.getValue()),
                    e.getValue()))
        .sorted(Comparator.comparingInt(Group::priority).thenComparing(Group::locality))
        .toList();
  }

  private static int byPlace(Locality endpoint, Locality client, List<Failover> failover) {
    if (endpoint.region().equals(client.region())) {
      if (!endpoint.zone().equals(client.zone())) {
        return 2;
      }
      return endpoint.subzone().equals(client.subzone()) ? 0 : 1;
    }
    return failover.stream()
            .filter(f -> f.from().equals(client.region()))
            .findFirst()
            .filter(f -> !f.to().equals(endpoint.region()))
            .isPresent()
        ? 4
        : 3;
  }

  private static int byLabels(
      LbEndpoint endpoint, Map<String, String> client, List<String> labels) {
    int count = labels.size();
    int far = 0;
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String[] label = labels.get(i).split("=", 2);
      String wanted = label.length == 2 ? label[1] : client.getOrDefault(label[0], "");
      if (!seen.add(label[0]) || wanted.equals(endpoint.labels().getOrDefault(label[0], ""))) {
        continue;
      }
      if (i == 0 && label[0].equals(NETWORK_LABEL)) {
        // Another network is farther than anything, but inside it the other labels still count.
        far = count;
        continue;
      }
      return far + count - i;
    }
    return far;
  }
}
