package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives a Service of type LoadBalancer its address, and takes it from one that is none any more.
 */
final class LoadBalancerDecision {
  private static final String WANTED_POOL = "metallb.universe.tf/address-pool";
  private static final String WANTED_ADDRESSES = "metallb.universe.tf/loadBalancerIPs";

  private LoadBalancerDecision() {}

  /**
   * @param services all Services of the cluster
   * @param pools in the order in which they are used
   */
  static List<Action> decide(
      ObjectNode service, List<ObjectNode> services, List<AddressPool> pools) {
    Optional<String> has = address(service);
    if (!service.path("spec").path("type").asText().equals("LoadBalancer")
        || Meta.deleting(service)) {
      return has.isPresent() && !Meta.deleting(service)
          ? List.of(status(service, Optional.empty()))
          : List.of();
    }
    Set<String> taken = new HashSet<>();
    for (ObjectNode each : services) {
      if (!ObjectKey.of(each).equals(ObjectKey.of(service))) {
        address(each).ifPresent(taken::add);
      }
    }
    String wanted = wanted(service);
    String wantedPool = Meta.annotation(service, WANTED_POOL);
    List<AddressPool> usable =
        pools.stream().filter(p -> wantedPool.isEmpty() || p.name().equals(wantedPool)).toList();
    boolean keeps =
        has.filter(a -> wanted.isEmpty() || a.equals(wanted))
            .filter(a -> !taken.contains(a))
            .filter(a -> usable.stream().anyMatch(p -> p.contains(a)))
            .isPresent();
    if (keeps) {
      return List.of();
    }
    Optional<String> next =
        wanted.isEmpty()
            ? usable.stream().flatMap(p -> p.first(taken).stream()).findFirst()
            : Optional.of(wanted)
                .filter(a -> !taken.contains(a))
                .filter(a -> usable.stream().anyMatch(p -> p.contains(a)));
    List<Action> actions = new ArrayList<>();
    if (!next.equals(has)) {
      actions.add(status(service, next));
    }
    actions.add(
        next.map(a -> tell(service, false, "IPAllocated", "Assigned IP [\"" + a + "\"]"))
            .orElseGet(
                () ->
                    tell(
                        service,
                        true,
                        "AllocationFailed",
                        wanted.isEmpty()
                            ? "Failed to allocate IP for \"%s\": no available IPs in %s"
                                .formatted(ObjectKey.of(service), usable)
                            : "Failed to allocate IP for \"%s\": %s is taken or in none of %s"
                                .formatted(ObjectKey.of(service), wanted, usable))));
    return actions;
  }

  /** Reads an {@code IPAddressPool}; empty where it is not to be used without being asked for. */
  static Optional<AddressPool> pool(JsonNode object) {
    if (Meta.deleting(object)) {
      return Optional.empty();
    }
    return Optional.of(
        new AddressPool(Meta.name(object), Trees.texts(object.path("spec").path("addresses"))));
  }

  private static String wanted(ObjectNode service) {
    String field = service.path("spec").path("loadBalancerIP").asText("");
    return field.isEmpty() ? Meta.annotation(service, WANTED_ADDRESSES) : field;
  }

  private static Optional<String> address(JsonNode service) {
    JsonNode ingress = service.path("status").path("loadBalancer").path("ingress").path(0);
    return Optional.of(ingress.path("ip").asText("")).filter(ip -> !ip.isEmpty());
  }

  private static Action status(ObjectNode service, Optional<String> address) {
    ObjectNode patch = Trees.object();
    ObjectNode balancer = patch.putObject("status").putObject("loadBalancer");
    address.ifPresentOrElse(
        a -> balancer.putArray("ingress").addObject().put("ip", a).put("ipMode", "VIP"),
        () -> balancer.putNull("ingress"));
    return new Action.PatchStatus(Kinds.SERVICES, ObjectKey.of(service), patch);
  }

  private static Action tell(ObjectNode service, boolean warning, String reason, String message) {
    return new Action.Tell(Kinds.SERVICES, service, warning, reason, message);
  }
}
