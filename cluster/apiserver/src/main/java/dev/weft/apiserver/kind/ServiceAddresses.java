package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hands out cluster IPs and node ports, each to one Service at a time. Thread-safe. */
public final class ServiceAddresses {
  private static final int FIRST_NODE_PORT = 30000;
  private static final int LAST_NODE_PORT = 32767;

  private final String range;
  private final long first;
  private final long last;
  private final Map<Long, String> owners = new HashMap<>();
  private final Map<Integer, String> portOwners = new HashMap<>();
  private long nextAddress;
  private int nextPort = FIRST_NODE_PORT + 80;

  /**
   * Takes the addresses of a network, without its first (the network itself) and last.
   *
   * @param range IPv4 such as {@code 10.96.0.0/16}, at most a /28
   */
  public ServiceAddresses(String range) {
    this.range = range;
    int slash = range.indexOf('/');
    Long base = slash < 0 ? null : address(range.substring(0, slash));
    int bits = slash < 0 ? -1 : Integer.parseInt(range.substring(slash + 1));
    if (base == null || bits < 8 || bits > 28) {
      throw new IllegalArgumentException(
          "service range " + range + " is not an IPv4 network of /8 to /28, such as 10.96.0.0/16");
    }
    long size = 1L << (32 - bits);
    first = (base & -size) + 1;
    last = (base & -size) + size - 2;
    // The low addresses are left to those who ask for one by name, as for cluster DNS.
    nextAddress = first + Math.min(255, size / 16);
  }

  public String range() {
    return range;
  }

  /** The address of the {@code kubernetes} Service. */
  public String firstAddress() {
    return text(first);
  }

  public boolean contains(String text) {
    Long address = address(text);
    return address != null && address >= first && address <= last;
  }

  /** Gives {@code service} what its type needs and it does not have yet. */
  public synchronized void allocate(ObjectNode service, Optional<ObjectNode> old) {
    ObjectNode spec = Json.child(service, "spec");
    String owner = owner(service);
    String type = Json.text(spec, "type");
    if (type.equals("ExternalName")) {
      spec.remove(List.of("clusterIP", "clusterIPs"));
      old.ifPresent(this::release);
      return;
    }
    String wanted = Json.text(spec, "clusterIP");
    if (wanted.isEmpty()) {
      wanted = old.map(o -> Json.text(o, "spec", "clusterIP")).orElse("");
    }
    if (!wanted.equals("None")) {
      Long address = wanted.isEmpty() ? null : address(wanted);
      long given = address == null ? freeAddress() : address;
      claim(owners, given, owner, "spec.clusterIPs", text(given), service);
      wanted = text(given);
    }
    spec.put("clusterIP", wanted);
    spec.putArray("clusterIPs").add(wanted);
    boolean ports =
        type.equals("NodePort")
            || (type.equals("LoadBalancer")
                && spec.path("allocateLoadBalancerNodePorts").asBoolean(true));
    nodePorts(spec, ports, owner, service, old);
  }

  private void nodePorts(
      ObjectNode spec, boolean wanted, String owner, ObjectNode service, Optional<ObjectNode> old) {
    List<ObjectNode> before =
        old.map(o -> Json.objects(o.path("spec").get("ports"))).orElse(List.of());
    Set<Integer> kept = new HashSet<>();
    for (ObjectNode port : Json.objects(spec.get("ports"))) {
      int number = port.path("nodePort").asInt();
      if (!wanted) {
        port.remove("nodePort");
        continue;
      }
      if (number == 0) {
        number =
            before.stream()
                .filter(b -> b.path("port").equals(port.path("port")))
                .filter(b -> b.path("protocol").equals(port.path("protocol")))
                .mapToInt(b -> b.path("nodePort").asInt())
                .filter(n -> n != 0)
                .findFirst()
                .orElseGet(this::freePort);
      }
      claim(portOwners, number, owner, "spec.ports.nodePort", Integer.toString(number), service);
      port.put("nodePort", number);
      kept.add(number);
    }
    portOwners.entrySet().removeIf(e -> e.getValue().equals(owner) && !kept.contains(e.getKey()));
  }

  private static <K> void claim(
      Map<K, String> owners, K key, String owner, String field, String shown, ObjectNode service) {
    String present = owners.putIfAbsent(key, owner);
    if (present != null && !present.equals(owner)) {
      throw Errors.invalid(
          ResourceType.core("services", "Service"),
          Json.text(service, "metadata", "name"),
          List.of(
              FieldError.invalid(
                  field,
                  field.endsWith("IPs") ? Json.array().add(shown) : shown,
                  field.endsWith("IPs")
                      ? "failed to allocate IP " + shown + ": provided IP is already allocated"
                      : "provided port is already allocated")));
    }
  }

  private long freeAddress() {
    for (long tried = first; tried <= last; tried++) {
      long candidate = nextAddress;
      nextAddress = nextAddress >= last ? first : nextAddress + 1;
      if (!owners.containsKey(candidate)) {
        return candidate;
      }
    }
    throw Errors.internal("failed to allocate a serviceIP: range " + range + " is full");
  }

  private int freePort() {
    for (int tried = FIRST_NODE_PORT; tried <= LAST_NODE_PORT; tried++) {
      int candidate = nextPort;
      nextPort = nextPort == LAST_NODE_PORT ? FIRST_NODE_PORT : nextPort + 1;
      if (!portOwners.containsKey(candidate)) {
        return candidate;
      }
    }
    throw Errors.internal("failed to allocate a nodePort: range is full");
  }

  /** Notes what a stored Service holds. */
  public synchronized void occupy(ObjectNode service) {
    String owner = owner(service);
    Long address = address(Json.text(service, "spec", "clusterIP"));
    if (address != null) {
      owners.put(address, owner);
    }
    for (ObjectNode port : Json.objects(service.path("spec").get("ports"))) {
      if (port.path("nodePort").asInt() != 0) {
        portOwners.put(port.get("nodePort").asInt(), owner);
      }
    }
  }

  public synchronized void release(JsonNode service) {
    String owner = owner(service);
    owners.values().removeIf(owner::equals);
    portOwners.values().removeIf(owner::equals);
  }

  private static String owner(JsonNode service) {
    return Json.text(service, "metadata", "uid");
  }

  private static @Nullable Long address(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    long address = 0;
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 3
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return null;
      }
      int octet = Integer.parseInt(part);
      if (octet > 255) {
        return null;
      }
      address = address << 8 | octet;
    }
    return address;
  }

  private static String text(long address) {
    return (address >> 24 & 255)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }
}
