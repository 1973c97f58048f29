package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.net.Ipv4Range;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that a lab is made of.
 *
 * @param name of the lab, which its network namespaces carry
 * @param model how the mesh lies over the clusters
 * @param isolated whether the clusters' pods cannot reach each other; then all use the same ranges
 * @param weftCommand what starts the {@code weft} program
 * @param libraries the directory with the jars of {@code weft}, which containers see as well
 * @param crossClusterProxy {@code all}, {@code none} or names with commas
 */
public record LabPlan(
    String name,
    Model model,
    boolean isolated,
    List<ClusterPlan> clusters,
    List<String> weftCommand,
    String libraries,
    String crossClusterProxy) {

  /** The name of the config API of a hosted mesh, of its context, and of the cluster that it is. */
  public static final String MESH = "mesh";

  /** Where a hosted mesh lives on the wan. */
  public static final String MESH_ADDRESS = "172.18.0.200";

  private static final String MESH_POOL = "172.18.0.210-172.18.0.220";

  static final int API_PORT = 6443;
  static final int MAX_CLUSTERS = 20;

  public LabPlan {
    if (!name.matches("[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "lab name \"%s\": use 1 to 15 lower-case letters, digits and dashes".formatted(name));
    }
    if (clusters.isEmpty() || clusters.size() > MAX_CLUSTERS) {
      throw new IllegalArgumentException(
          "a lab has 1 to %d clusters, not %d".formatted(MAX_CLUSTERS, clusters.size()));
    }
    for (ClusterPlan each : clusters) {
      if (each.name().equals(MESH) || each.wanAddress().equals(MESH_ADDRESS)) {
        throw new IllegalArgumentException(
            "cluster %s at %s: the name %s and the address %s are those of a hosted mesh itself"
                .formatted(each.name(), each.wanAddress(), MESH, MESH_ADDRESS));
      }
    }
    clusters = List.copyOf(clusters);
    weftCommand = List.copyOf(weftCommand);
  }

  /** The plan of a lab that runs or ran. */
  static LabPlan read(Path file) throws IOException {
    JsonNode json = Trees.JSON.readTree(Files.readString(file));
    // Labs of 0.1.0 had a field of another name, with less to choose from.
    if (json instanceof ObjectNode object && object.remove("mesh") instanceof JsonNode mesh) {
      object.put("model", (mesh.asBoolean() ? Model.HOSTED : Model.NONE).name());
    }
    return Trees.JSON.treeToValue(json, LabPlan.class);
  }

  /** Whether a cluster is to have a cross-cluster proxy; that of the mesh has nothing to enter. */
  public boolean proxied(String cluster) {
    if (cluster.equals(MESH)) {
      return false;
    }
    List<String> proxies = List.of(crossClusterProxy.split(",", -1));
    return proxies.contains("all") || proxies.contains(cluster);
  }

  /** The clusters, and that of a hosted mesh itself. */
  public List<ClusterPlan> all() {
    List<ClusterPlan> all = new ArrayList<>(clusters);
    if (model == Model.HOSTED) {
      all.add(mesh());
    }
    return all;
  }

  /**
   * The cluster of a hosted mesh itself, for gateways that are in no cluster of a user: on the
   * members' network where that is one, else on a network of its own.
   */
  public ClusterPlan mesh() {
    Set<String> networks = clusters.stream().map(ClusterPlan::network).collect(Collectors.toSet());
    return new ClusterPlan(
        MESH,
        !isolated && networks.size() == 1 ? networks.iterator().next() : MESH,
        free("podRange", 243),
        free("serviceRange", 96),
        MESH_ADDRESS,
        List.of(MESH_POOL),
        "region0",
        "zone0");
  }

  /** The first of the ranges 10.n.0.0/16, going down from n, that holds no pods of a member. */
  private String free(String field, int from) {
    for (int n = from; n >= 0; n--) {
      Ipv4Range range = Ipv4Range.parse(field, "10." + n + ".0.0/16");
      boolean taken =
          clusters.stream()
              .anyMatch(c -> Ipv4Range.parse("podRange", c.podRange()).overlaps(range));
      if (isolated || !taken) {
        return range.toString();
      }
    }
    throw new IllegalArgumentException(
        "no %s is left for the mesh itself between 10.0.0.0 and 10.%d.0.0: give the clusters"
                .formatted(field, from)
            + " smaller pod ranges");
  }

  /** The prefix of the lab's network namespaces. */
  public String prefix() {
    return "weft-" + name;
  }

  /** {@code cluster1} … with the ranges that the documentation names. */
  public static List<ClusterPlan> clusters(int count, boolean isolated) {
    List<ClusterPlan> result = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      result.add(
          new ClusterPlan(
              "cluster" + n,
              isolated ? "network" + n : "network1",
              isolated ? "10.244.0.0/16" : "10.%d.0.0/16".formatted(243 + n > 255 ? n : 243 + n),
              isolated ? "10.96.0.0/16" : "10.%d.0.0/16".formatted(95 + n),
              "172.18.0." + (n + 1),
              List.of(pool(n)),
              "region" + n,
              "zone" + n));
    }
    return result;
  }

  /** The first two as in the MetalLB samples of Istio's multi-cluster documents. */
  private static String pool(int n) {
    return switch (n) {
      case 1 -> "172.18.1.230-172.18.1.240";
      case 2 -> "172.18.1.241-172.18.1.252";
      default -> "172.18.%d.230-172.18.%d.240".formatted(n, n);
    };
  }
}
