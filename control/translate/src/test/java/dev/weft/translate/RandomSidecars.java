package dev.weft.translate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Sidecars of a random mesh. */
final class RandomSidecars {
  private final Random random;
  private final Supplier<String> named;

  /**
   * @param named the host of some service
   */
  RandomSidecars(Random random, Supplier<String> named) {
    this.random = random;
    this.named = named;
  }

  /** The spec of one. */
  Map<String, Object> spec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    List<Object> egress = new ArrayList<>();
    for (int port : List.of(80, 90)) {
      if (random.nextInt(4) == 0) {
        egress.add(egress(port));
      }
    }
    if (random.nextInt(3) > 0) {
      egress.add(egress(0));
    }
    if (!egress.isEmpty()) {
      spec.put("egress", egress);
    }
    if (random.nextInt(3) == 0) {
      spec.put("ingress", ingress());
    }
    if (random.nextInt(4) == 0) {
      spec.put("inboundConnectionPool", pool());
    }
    if (spec.isEmpty() || random.nextBoolean()) {
      spec.put("outboundTrafficPolicy", outbound());
    }
    if (random.nextBoolean()) {
      spec.put("workloadSelector", Map.of("labels", Map.of("version", "v" + random.nextInt(3))));
    }
    return spec;
  }

  private Map<String, Object> outbound() {
    return random.nextInt(3) == 0
        ? Map.of(
            "mode",
            "ALLOW_ANY",
            "egressProxy",
            Map.of(
                "host",
                random.nextBoolean() ? named.get() : "a.example",
                "port",
                Map.of("number", 80)))
        : Map.of("mode", any(List.of("ALLOW_ANY", "REGISTRY_ONLY")));
  }

  /**
   * @param port 0 for all
   */
  private Map<String, Object> egress(int port) {
    Map<String, Object> egress = new LinkedHashMap<>();
    List<String> hosts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      hosts.add(
          any(List.of("*", ".", "~", "a", "b"))
              + "/"
              + any(List.of("*", "*.svc.cluster.local", "a.example", named.get())));
    }
    egress.put("hosts", hosts);
    if (port > 0) {
      String protocol = any(List.of("HTTP", "TCP", "TLS", "GRPC", ""));
      egress.put(
          "port",
          protocol.isEmpty()
              ? Map.of("number", port)
              : Map.of("number", port, "protocol", protocol));
      if (random.nextInt(3) == 0) {
        egress.put("bind", any(List.of("127.0.0.1", "0.0.0.0", "10.96.0.9", "::1")));
      }
    }
    if (random.nextInt(4) == 0) {
      egress.put("captureMode", any(List.of("NONE", "IPTABLES")));
    }
    return egress;
  }

  private List<Object> ingress() {
    List<Object> ingress = new ArrayList<>();
    for (int port : List.of(80, 90, 8080)) {
      Map<String, Object> each = new LinkedHashMap<>();
      String protocol = any(List.of("HTTP", "TCP", "GRPC", ""));
      each.put(
          "port",
          protocol.isEmpty()
              ? Map.of("number", port)
              : Map.of("number", port, "protocol", protocol));
      if (random.nextBoolean()) {
        each.put("defaultEndpoint", any(List.of("127.0.0.1:8000", "0.0.0.0:8000", "[::1]:8000")));
      }
      if (random.nextInt(3) == 0) {
        each.put("bind", any(List.of("10.0.0.1", "0.0.0.0")));
      }
      if (random.nextInt(3) == 0) {
        each.put("captureMode", "NONE");
      }
      if (random.nextInt(3) == 0) {
        each.put("connectionPool", pool());
      }
      if (ingress.isEmpty() || random.nextBoolean()) {
        ingress.add(each);
      }
    }
    return ingress;
  }

  private Map<String, Object> pool() {
    return random.nextBoolean()
        ? Map.of("tcp", Map.of("maxConnections", 1 + random.nextInt(9), "idleTimeout", "9s"))
        : Map.of("http", Map.of("http2MaxRequests", 1 + random.nextInt(9)));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
