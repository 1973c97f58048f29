package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.net.Ipv4Range;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The clusters of a lab, one by one, as people write them in a file: {@code clusters} is a list,
 * and each of its fields stands for what an ordinary lab has at that place where it is left out.
 */
public final class Topology {
  private static final Ipv4Range WAN = Ipv4Range.parse("wan", "172.18.0.0/16");
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "network",
          "podRange",
          "serviceRange",
          "wanAddress",
          "loadBalancers",
          "region",
          "zone");

  private Topology() {}

  /**
   * @param isolated whether pods of different clusters cannot reach each other, so that their
   *     ranges may overlap
   * @throws IllegalArgumentException that names the cluster and the field
   */
  public static List<ClusterPlan> parse(String yaml, boolean isolated) {
    JsonNode clusters;
    try {
      clusters = Trees.YAML.readTree(yaml).path("clusters");
    } catch (IOException e) {
      throw new IllegalArgumentException("the topology is no YAML: " + e.getMessage(), e);
    }
    int count = clusters.size();
    if (!clusters.isArray() || count == 0 || count > LabPlan.MAX_CLUSTERS) {
      throw new IllegalArgumentException(
          "clusters: list 1 to %d clusters, each at least as {}".formatted(LabPlan.MAX_CLUSTERS));
    }
    List<ClusterPlan> usual = LabPlan.clusters(count, isolated);
    List<ClusterPlan> plans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      plans.add(cluster("clusters[" + i + "]", clusters.get(i), usual.get(i)));
    }
    unique(plans, "name", ClusterPlan::name);
    unique(plans, "wanAddress", ClusterPlan::wanAddress);
    if (!isolated) {
      apart(plans);
    }
    return plans;
  }

  private static ClusterPlan cluster(String path, JsonNode json, ClusterPlan usual) {
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(
                    "%s.%s: a cluster has %s"
                        .formatted(path, field, FIELDS.stream().sorted().toList()));
              }
            });
    String name = json.path("name").asText(usual.name());
    if (!name.matches("[a-z]([-a-z0-9]{0,13}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "%s.name: \"%s\": use 1 to 15 lower-case letters, digits and dashes"
              .formatted(path, name));
    }
    String podRange = json.path("podRange").asText(usual.podRange());
    String serviceRange = json.path("serviceRange").asText(usual.serviceRange());
    if (range(path, "podRange", podRange).overlaps(range(path, "serviceRange", serviceRange))) {
      throw new IllegalArgumentException(
          "%s: podRange %s and serviceRange %s overlap".formatted(path, podRange, serviceRange));
    }
    String address = json.path("wanAddress").asText(usual.wanAddress());
    if (!WAN.contains(address)) {
      throw new IllegalArgumentException(
          "%s.wanAddress: \"%s\" is none of the wan, %s".formatted(path, address, WAN));
    }
    return new ClusterPlan(
        name,
        json.path("network").asText(usual.network()),
        podRange,
        serviceRange,
        address,
        json.has("loadBalancers")
            ? Trees.texts(json.path("loadBalancers"))
            : usual.loadBalancerRanges(),
        json.path("region").asText(usual.region()),
        json.path("zone").asText(usual.zone()));
  }

  private static Ipv4Range range(String path, String field, String text) {
    Ipv4Range range = Ipv4Range.parse(path + "." + field, text);
    if (range.overlaps(WAN)) {
      throw new IllegalArgumentException(
          "%s.%s: %s overlaps the wan, %s".formatted(path, field, text, WAN));
    }
    return range;
  }

  private static void unique(
      List<ClusterPlan> plans, String field, Function<ClusterPlan, String> of) {
    Set<String> seen = new HashSet<>();
    for (ClusterPlan each : plans) {
      if (!seen.add(of.apply(each))) {
        throw new IllegalArgumentException(
            "%s: two clusters have \"%s\"".formatted(field, of.apply(each)));
      }
    }
  }

  private static void apart(List<ClusterPlan> plans) {
    for (ClusterPlan one : plans) {
      for (ClusterPlan other : plans) {
        if (one != other
            && Ipv4Range.parse("podRange", one.podRange())
                .overlaps(Ipv4Range.parse("podRange", other.podRange()))) {
          throw new IllegalArgumentException(
              "podRange: %s of %s and %s of %s overlap, which they may with --network isolated alone"
                  .formatted(one.podRange(), one.name(), other.podRange(), other.name()));
        }
      }
    }
  }
}
