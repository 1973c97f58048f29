package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.net.LabNetwork.ServiceRule;
import dev.weft.lab.net.LabNetwork.Target;
import dev.weft.lab.net.LabNetwork.Transport;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Services and EndpointSlices as rules of a node's network. Pure. */
final class ServiceTable {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private ServiceTable() {}

  /**
   * @param local addresses that the node itself answers on, for which there are no rules
   */
  static List<ServiceRule> rules(
      List<ObjectNode> services, List<ObjectNode> slices, Set<String> local) {
    List<ServiceRule> rules = new ArrayList<>();
    services.stream()
        .sorted(Comparator.comparing(s -> ObjectKey.of(s).toString()))
        .forEach(
            service -> {
              List<String> cluster = clusterAddresses(service);
              if (cluster.stream().noneMatch(local::contains)) {
                rules.addAll(rules(service, cluster, slices));
              }
            });
    return rules;
  }

  private static List<ServiceRule> rules(
      ObjectNode service, List<String> cluster, List<ObjectNode> slices) {
    List<ServiceRule> rules = new ArrayList<>();
    List<String> wan = wanAddresses(service);
    for (JsonNode port : service.path("spec").path("ports")) {
      Optional<Transport> transport = transport(port);
      int nodePort = port.path("nodePort").asInt(0);
      if (transport.isEmpty() || cluster.isEmpty() && wan.isEmpty() && nodePort == 0) {
        continue;
      }
      rules.add(
          new ServiceRule(
              ObjectKey.of(service) + ":" + port.path("port").asInt(),
              cluster,
              wan,
              port.path("port").asInt(),
              nodePort,
              transport.get(),
              endpoints(service, port, slices)));
    }
    return rules;
  }

  private static List<String> clusterAddresses(ObjectNode service) {
    String address = service.path("spec").path("clusterIP").asText("");
    return address.isEmpty() || address.equals("None") ? List.of() : List.of(address);
  }

  static List<String> wanAddresses(ObjectNode service) {
    List<String> result = new ArrayList<>();
    if (service.path("spec").path("type").asText().equals("LoadBalancer")) {
      for (JsonNode each : service.path("status").path("loadBalancer").path("ingress")) {
        if (!each.path("ip").asText("").isEmpty()) {
          result.add(each.path("ip").asText());
        }
      }
    }
    result.addAll(Trees.texts(service.path("spec").path("externalIPs")));
    return result;
  }

  private static Optional<Transport> transport(JsonNode port) {
    return switch (port.path("protocol").asText("TCP")) {
      case "TCP" -> Optional.of(Transport.TCP);
      case "UDP" -> Optional.of(Transport.UDP);
      default -> Optional.empty();
    };
  }

  /**
   * Ready endpoints of one port of a Service; where there are none, those that still serve while
   * they terminate.
   */
  static List<Target> endpoints(ObjectNode service, JsonNode port, List<ObjectNode> slices) {
    List<Target> ready = new ArrayList<>();
    List<Target> terminating = new ArrayList<>();
    for (ObjectNode slice : slices) {
      if (!belongs(slice, service)) {
        continue;
      }
      for (JsonNode each : slice.path("ports")) {
        boolean same =
            each.path("name").asText("").equals(port.path("name").asText(""))
                && each.path("protocol").asText("TCP").equals(port.path("protocol").asText("TCP"));
        if (same) {
          int number = each.path("port").asInt();
          for (JsonNode endpoint : slice.path("endpoints")) {
            JsonNode conditions = endpoint.path("conditions");
            List<Target> list =
                conditions.path("ready").asBoolean(true)
                    ? ready
                    : conditions.path("serving").asBoolean(false) ? terminating : null;
            if (list != null) {
              endpoint.path("addresses").forEach(a -> list.add(new Target(a.asText(), number)));
            }
          }
        }
      }
    }
    List<Target> result = ready.isEmpty() ? terminating : ready;
    result.sort(Comparator.comparing(Target::address).thenComparingInt(Target::port));
    return List.copyOf(result);
  }

  static boolean belongs(ObjectNode slice, ObjectNode service) {
    return Meta.namespace(slice).equals(Meta.namespace(service))
        && Meta.labels(slice).getOrDefault(SERVICE_NAME, "").equals(Meta.name(service));
  }
}
