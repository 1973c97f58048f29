package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  static final int API_PORT = 6443;
  static final int MOST_CLUSTERS = 20;

  public LabPlan {
    if (!name.matches("[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "lab name \"%s\": use 1 to 15 lower-case letters, digits and dashes".formatted(name));
    }
    if (clusters.isEmpty() || clusters.size() > MOST_CLUSTERS) {
      throw new IllegalArgumentException(
          "a lab has 1 to %d clusters, not %d".formatted(MOST_CLUSTERS, clusters.size()));
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

  /** Whether a cluster is to have a cross-cluster proxy. */
  public boolean proxied(String cluster) {
    List<String> proxies = List.of(crossClusterProxy.split(",", -1));
    return proxies.contains("all") || proxies.contains(cluster);
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
