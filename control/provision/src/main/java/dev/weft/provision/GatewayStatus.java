package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Discovery;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.KubeService;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code status} of an IstioGateway: where it can be reached, and what it lacks. Reference
 * 2.26.1.
 */
final class GatewayStatus {
  /** The condition that says whether the gateway answers in all of its clusters. */
  private static final String READY = "Ready";

  private final ServiceId service;
  private final ConfigSet config;
  private final ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode byCluster = JsonNodeFactory.instance.arrayNode();
  private final List<String> lacks = new ArrayList<>();
  private int ready;

  private GatewayStatus(ServiceId service, ConfigSet config) {
    this.service = service;
    this.config = config;
  }

  static ObjectNode of(
      IstioGatewaySpec gateway, GatewayPlaces places, ConfigSet config, String rootNamespace) {
    GatewayStatus status =
        new GatewayStatus(
            new ServiceId(rootNamespace, GatewayWorkload.objectName(gateway)), config);
    List<ClusterId> clusters = places.of(gateway);
    if (clusters.isEmpty()) {
      status.lacks.add(nowhere(gateway));
    }
    for (ClusterId cluster : clusters) {
      status.look(gateway, cluster);
    }
    return status.tree(clusters.isEmpty() ? "NoCluster" : "NotAnswering");
  }

  private static String nowhere(IstioGatewaySpec gateway) {
    return gateway.serverless()
        ? "no cluster runs the mesh's own gateways: set spec.serverlessGateways of the"
            + " MemberCluster that shall do so, or name clusters in spec.clusterIds and take the"
            + " annotation away"
        : "spec.clusterIds names no cluster to run in";
  }

  private void look(IstioGatewaySpec gateway, ClusterId cluster) {
    ClusterFacts facts = config.clusters().get(cluster);
    if (facts == null) {
      lacks.add("cluster " + cluster + " is not in the mesh: register it, or name another");
      return;
    }
    if (config.settings().discovery().leavesOut(facts, service.namespace())) {
      // What is there is not seen, so nothing can be said of it.
      lacks.add(Discovery.unseenGateway(facts.id(), service.namespace()));
      return;
    }
    List<String> found = addresses(facts);
    for (String address : found) {
      addresses.add(address);
      byCluster.addObject().put("ipAddress", address).put("clusterId", cluster.value());
    }
    int pods = ready(facts, gateway.meta().name());
    ready += pods;
    if (found.isEmpty()) {
      lacks.add(
          "no address yet in %s: see Service %s/%s there"
              .formatted(cluster, service.namespace(), service.name()));
    }
    if (pods == 0) {
      lacks.add(
          "no pod is ready in %s: see Deployment %s/%s there"
              .formatted(cluster, service.namespace(), service.name()));
    }
  }

  private int ready(ClusterFacts facts, String gateway) {
    return (int)
        facts.pods().values().stream()
            .filter(pod -> pod.namespace().equals(service.namespace()))
            .filter(pod -> gateway.equals(pod.labels().get(Ownership.GATEWAY)))
            .filter(pod -> pod.ready() && !pod.terminating())
            .count();
  }

  private ObjectNode tree(String reason) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    boolean answers = lacks.isEmpty();
    String message = String.join("; ", lacks);
    status.put("Status", answers ? "Running" : "Pending");
    status.set("GatewayAddress", addresses);
    status.set("ClusterIdGatewayAddressMap", byCluster);
    status.put("readyReplicas", ready);
    status.put("ErrorMessage", message);
    status
        .putArray("conditions")
        .addObject()
        .put("type", READY)
        .put("status", answers ? "True" : "False")
        .put("reason", answers ? "Answering" : reason)
        .put("message", answers ? "reached in all of its clusters" : message);
    return status;
  }

  private List<String> addresses(ClusterFacts facts) {
    for (KubeService each : facts.services().values()) {
      if (each.id().equals(service)) {
        List<String> all = new ArrayList<>(each.loadBalancerAddresses());
        each.externalIps().stream().filter(a -> !all.contains(a)).forEach(all::add);
        if (all.isEmpty() && each.type() != KubeService.Type.LOAD_BALANCER) {
          all.addAll(each.clusterIps());
        }
        return all;
      }
    }
    return List.of();
  }
}
