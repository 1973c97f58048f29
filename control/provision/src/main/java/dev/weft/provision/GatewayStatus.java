package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.KubeService;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code status} of an IstioGateway: where it can be reached. Reference 2.26.1. */
final class GatewayStatus {
  private GatewayStatus() {}

  static ObjectNode of(IstioGatewaySpec gateway, ConfigSet config, String rootNamespace) {
    ServiceId id = new ServiceId(rootNamespace, GatewayWorkload.objectName(gateway));
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
    ArrayNode byCluster = JsonNodeFactory.instance.arrayNode();
    List<String> without = new ArrayList<>();
    for (ClusterId cluster : gateway.clusters()) {
      List<String> found = addresses(config.clusters().get(cluster), id);
      if (found.isEmpty()) {
        without.add(cluster.value());
      }
      for (String address : found) {
        addresses.add(address);
        byCluster.addObject().put("ipAddress", address).put("clusterId", cluster.value());
      }
    }
    status.put("Status", without.isEmpty() ? "Running" : "Pending");
    status.set("GatewayAddress", addresses);
    status.set("ClusterIdGatewayAddressMap", byCluster);
    status.put(
        "ErrorMessage",
        without.isEmpty()
            ? ""
            : "no address yet in "
                + String.join(", ", without)
                + ": see Service "
                + id.namespace()
                + "/"
                + id.name()
                + " there");
    return status;
  }

  private static List<String> addresses(@Nullable ClusterFacts facts, ServiceId id) {
    if (facts == null) {
      return List.of();
    }
    for (KubeService service : facts.services().values()) {
      if (service.id().equals(id)) {
        List<String> all = new ArrayList<>(service.loadBalancerAddresses());
        service.externalIps().stream().filter(a -> !all.contains(a)).forEach(all::add);
        if (all.isEmpty() && service.type() != KubeService.Type.LOAD_BALANCER) {
          all.addAll(service.clusterIps());
        }
        return all;
      }
    }
    return List.of();
  }
}
