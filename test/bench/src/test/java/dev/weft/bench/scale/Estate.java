package dev.weft.bench.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the clusters hold, and what it is called: services of three pods each, two in cluster1 and
 * one in cluster2, fifty services to a namespace. Every tenth service speaks TCP, the others HTTP.
 *
 * @param services how many, at least 10
 */
record Estate(int services) {
  static final List<String> CLUSTERS = List.of("cluster1", "cluster2");

  /** Pods of a service, by their place in it. */
  static final int PODS = 3;

  private static final int SERVICES_OF_A_NAMESPACE = 50;
  private static final int SPARE = 110;
  private static final int NODES = 6;
  private static final int ZONES = 3;
  private static final int LAST_BYTES = 250;

  /**
   * A pod.
   *
   * @param place below {@link #PODS}
   * @param generation 0, and one more after each restart
   */
  record PodId(int service, int place, int generation) {
    String name() {
      return Estate.name(service) + "-" + place + (generation == 0 ? "" : "-" + generation);
    }

    /** Index of the cluster that it runs in. */
    int cluster() {
      return place == PODS - 1 ? 1 : 0;
    }
  }

  /** An endpoint of a slice. */
  record Endpoint(PodId pod, boolean ready) {}

  /** With those of services that are yet to come. */
  int namespaces() {
    return (services + SPARE + SERVICES_OF_A_NAMESPACE - 1) / SERVICES_OF_A_NAMESPACE;
  }

  /**
   * An HTTP service that does not exist from the start.
   *
   * @param index below 90
   */
  int spare(int index) {
    int first = (services + 9) / 10 * 10;
    return first + index / 9 * 10 + index % 9;
  }

  static String name(int service) {
    return "svc" + service;
  }

  static String namespace(int service) {
    return "ns" + service / SERVICES_OF_A_NAMESPACE;
  }

  static String host(int service) {
    return name(service) + "." + namespace(service) + ".svc.cluster.local";
  }

  private static boolean tcp(int service) {
    return service % 10 == 9;
  }

  private static int port(int service) {
    return tcp(service) ? 5000 : 80;
  }

  /** What proxies call the service's endpoints. */
  static String clusterName(int service) {
    return "outbound|" + port(service) + "||" + host(service);
  }

  /** Other than any other pod's, also than that of the seven generations before. */
  String ip(PodId pod) {
    int number = (pod.generation() % 8 * PODS + pod.place()) * services + pod.service();
    return "10."
        + (20 + number / (LAST_BYTES * LAST_BYTES))
        + "."
        + number / LAST_BYTES % LAST_BYTES
        + "."
        + (1 + number % LAST_BYTES);
  }

  static List<Map<String, Object>> nodes() {
    List<Map<String, Object>> nodes = new ArrayList<>();
    for (int n = 0; n < NODES; n++) {
      nodes.add(
          Map.of(
              "metadata",
              Map.of(
                  "name",
                  "node" + n,
                  "labels",
                  Map.of(
                      "topology.kubernetes.io/region",
                      "region",
                      "topology.kubernetes.io/zone",
                      "zone" + n % ZONES))));
    }
    return nodes;
  }

  private static String node(PodId pod) {
    return "node" + (pod.service() + pod.place()) % NODES;
  }

  static Map<String, Object> service(int service) {
    Map<String, Object> port =
        tcp(service)
            ? Map.of("name", "tcp", "port", port(service))
            : Map.of("name", "http", "port", port(service), "targetPort", 8080);
    return Map.of(
        "metadata",
        Map.of("name", name(service)),
        "spec",
        Map.of("selector", Map.of("app", name(service)), "ports", List.of(port)));
  }

  static Map<String, Object> pod(PodId pod) {
    String app = name(pod.service());
    return Map.of(
        "metadata",
        Map.of(
            "name",
            pod.name(),
            "labels",
            Map.of("app", app, "version", "v1", "security.istio.io/tlsMode", "istio")),
        "spec",
        Map.of(
            "serviceAccountName",
            "default",
            "nodeName",
            node(pod),
            "containers",
            List.of(Map.of("name", "app", "image", "app"))));
  }

  Map<String, Object> running(PodId pod) {
    return Map.of(
        "status",
        Map.of(
            "phase",
            "Running",
            "podIP",
            ip(pod),
            "podIPs",
            List.of(Map.of("ip", ip(pod))),
            "conditions",
            List.of(Map.of("type", "Ready", "status", "True"))));
  }

  Map<String, Object> slice(int service, List<Endpoint> endpoints) {
    int port = tcp(service) ? 5000 : 8080;
    return Map.of(
        "metadata",
        Map.of(
            "name",
            sliceName(service),
            "labels",
            Map.of("kubernetes.io/service-name", name(service))),
        "addressType",
        "IPv4",
        "ports",
        List.of(Map.of("name", tcp(service) ? "tcp" : "http", "port", port, "protocol", "TCP")),
        "endpoints",
        endpoints.stream().map(this::endpoint).toList());
  }

  static String sliceName(int service) {
    return name(service) + "-x";
  }

  private Map<String, Object> endpoint(Endpoint endpoint) {
    PodId pod = endpoint.pod();
    boolean ready = endpoint.ready();
    return Map.of(
        "addresses",
        List.of(ip(pod)),
        "conditions",
        Map.of("ready", ready, "serving", ready, "terminating", false),
        "nodeName",
        node(pod),
        "targetRef",
        Map.of("kind", "Pod", "name", pod.name(), "namespace", namespace(pod.service())));
  }

  static Map<String, Object> virtualService(int service, int timeoutSeconds) {
    return Map.of(
        "apiVersion",
        "networking.istio.io/v1",
        "kind",
        "VirtualService",
        "metadata",
        Map.of("name", name(service)),
        "spec",
        Map.of(
            "hosts",
            List.of(host(service)),
            "http",
            List.of(
                Map.of(
                    "timeout",
                    timeoutSeconds + "s",
                    "route",
                    List.of(Map.of("destination", Map.of("host", host(service))))))));
  }

  static Map<String, Object> destinationRule(int service, int connections) {
    return Map.of(
        "apiVersion",
        "networking.istio.io/v1",
        "kind",
        "DestinationRule",
        "metadata",
        Map.of("name", name(service)),
        "spec",
        Map.of(
            "host",
            host(service),
            "trafficPolicy",
            Map.of("connectionPool", Map.of("tcp", Map.of("maxConnections", connections)))));
  }
}
