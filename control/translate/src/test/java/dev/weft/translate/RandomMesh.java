package dev.weft.translate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A mesh of two clusters that changes one thing at a time, whatever comes up. */
public final class RandomMesh {
  private static final List<String> CLUSTERS = List.of("c1", "c2");
  private static final List<String> NAMESPACES = List.of("a", "b", "istio-system");
  private static final List<String> APPS = List.of("web", "cart", "db", "gate");
  private static final List<String> PORT_NAMES = List.of("http", "tcp", "", "https", "grpc");

  private final Random random;
  private final Map<String, Object> settings = new TreeMap<>();
  private final Map<String, Map<String, Object>> services = new TreeMap<>();
  private final Map<String, Map<String, Object>> pods = new TreeMap<>();
  private final Map<String, Map<String, Object>> objects = new TreeMap<>();
  private final Map<String, String> networks = new TreeMap<>(Map.of("c1", "n1", "c2", "n2"));

  /** A mesh that is the same for the same seed. */
  public RandomMesh(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      service();
      pod();
    }
    // So that proxies of all kinds are there from the beginning.
    putPod("c1", "a", "web", 0, Map.of("version", "v1"));
    putPod("c2", "a", "web", 0, Map.of("version", "v2"));
    putPod("c1", "istio-system", "gate", 0, Map.of("istio", "ingressgateway"));
    putPod("c2", "istio-system", "istio-asm-cross-network-c2", 0, Map.of());
  }

  /** The mesh as it is, to be read like a file. */
  public MeshFile file() throws IOException {
    Map<String, Object> clusters = new LinkedHashMap<>();
    for (String cluster : CLUSTERS) {
      Map<String, Object> in = new LinkedHashMap<>();
      in.put("network", networks.getOrDefault(cluster, ""));
      in.put("crossClusterProxy", true);
      in.put("locality", cluster.equals("c1") ? "r1/z1" : "r2/z1");
      in.put("services", of(services, cluster));
      in.put("pods", of(pods, cluster));
      clusters.put(cluster, in);
    }
    return MeshFile.of(
        Map.of("mesh", settings, "clusters", clusters, "objects", List.copyOf(objects.values())));
  }

  private static List<Object> of(Map<String, Map<String, Object>> all, String cluster) {
    List<Object> some = new ArrayList<>();
    all.forEach(
        (key, value) -> {
          if (key.startsWith(cluster + "/")) {
            some.add(value);
          }
        });
    return some;
  }

  /** One change, which may be none. */
  public void step() {
    switch (random.nextInt(28)) {
      case 0, 1, 2, 3 -> pod();
      case 4, 5 -> removeOne(pods, 6);
      case 6 -> service();
      case 7 -> removeOne(services, 4);
      case 8, 9 -> destinationRule();
      case 10, 11 -> virtualService();
      case 12 -> removeOne(objects, 0);
      case 13 -> peerAuthentication();
      case 14 -> gateway();
      case 15 -> authorizationPolicy();
      case 16 -> requestAuthentication();
      case 17, 18 -> serviceEntry();
      case 19 -> workloadEntry();
      case 20, 21 -> sidecar();
      case 22, 23 -> telemetry();
      case 24, 25, 26 -> put("EnvoyFilter", any(NAMESPACES), new RandomFilters(random).spec());
      default -> setting();
    }
  }

  private void service() {
    String cluster = any(CLUSTERS);
    String name = any(APPS) + "." + any(NAMESPACES);
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("name", name);
    int type = random.nextInt(6);
    if (type == 0) {
      service.put("externalName", random.nextInt(4) == 0 ? "outside.example" : named());
    } else if (type > 2) {
      service.put("vip", "10.96.0." + (name.hashCode() & 0x7f));
    }
    service.put(
        "ports", List.of(Map.of("name", any(PORT_NAMES), "port", random.nextBoolean() ? 80 : 90)));
    if (type > 0 && random.nextInt(4) == 0) {
      service.put("loadBalancer", List.of("47.1.1." + (1 + random.nextInt(3))));
    }
    services.put(cluster + "/" + name, service);
  }

  private void pod() {
    putPod(
        any(CLUSTERS),
        any(NAMESPACES),
        any(APPS),
        random.nextInt(3),
        random.nextBoolean() ? Map.of("version", "v" + random.nextInt(3)) : Map.of());
  }

  private void putPod(
      String cluster, String namespace, String app, int number, Map<String, Object> labels) {
    String name = app + "-" + number + "." + namespace;
    pods.put(
        cluster + "/" + name,
        Map.of(
            "name",
            name,
            "app",
            app,
            "ip",
            "10.0." + NAMESPACES.indexOf(namespace) + "." + ((app.hashCode() + number) & 0x7f),
            "injected",
            random.nextInt(5) > 0,
            "hostname",
            random.nextInt(3) == 0 ? "" : app + "-" + number,
            "labels",
            labels));
  }

  private void destinationRule() {
    String namespace = any(NAMESPACES);
    Map<String, Object> policy = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      policy.put("outlierDetection", Map.of("consecutive5xxErrors", 1 + random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      policy.put(
          "loadBalancer",
          Map.of(
              "localityLbSetting",
              Map.of(
                  "failoverPriority",
                  List.of(random.nextBoolean() ? "version" : "topology.istio.io/network"))));
    }
    if (random.nextInt(4) == 0) {
      policy.put("tls", Map.of("mode", random.nextBoolean() ? "DISABLE" : "ISTIO_MUTUAL"));
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("host", host());
    if (!policy.isEmpty()) {
      spec.put("trafficPolicy", policy);
    }
    spec.put(
        "subsets",
        random.nextBoolean()
            ? List.of(Map.of("name", "v1", "labels", Map.of("version", "v1")))
            : List.of());
    if (random.nextInt(4) == 0) {
      spec.put("workloadSelector", Map.of("matchLabels", Map.of("version", "v1")));
    }
    if (random.nextInt(4) == 0) {
      spec.put("exportTo", List.of("."));
    }
    put("DestinationRule", namespace, spec);
  }

  private void virtualService() {
    Map<String, Object> match = new LinkedHashMap<>();
    match.put("uri", Map.of("prefix", "/" + random.nextInt(3)));
    if (random.nextInt(3) == 0) {
      match.put("sourceLabels", Map.of("version", "v" + random.nextInt(3)));
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("hosts", List.of(random.nextInt(4) == 0 ? "outside.example" : host()));
    if (random.nextInt(3) == 0) {
      spec.put("gateways", List.of("istio-system/gate"));
    }
    List<Object> route = List.of(Map.of("destination", Map.of("host", host())));
    spec.put(
        "http",
        List.of(
            Map.of(
                "match", List.of(match), "timeout", (1 + random.nextInt(9)) + "s", "route", route),
            Map.of("route", route)));
    spec.put("tcp", List.of(Map.of("route", route)));
    put("VirtualService", any(NAMESPACES), spec);
  }

  private void peerAuthentication() {
    put(
        "PeerAuthentication",
        any(NAMESPACES),
        random.nextBoolean()
            ? Map.of("mtls", mode())
            : Map.of(
                "selector",
                Map.of("matchLabels", Map.of("version", "v" + random.nextInt(3))),
                "mtls",
                mode(),
                "portLevelMtls",
                Map.of(random.nextBoolean() ? 80 : 90, mode())));
  }

  private Map<String, Object> selecting(Map<String, Object> spec) {
    Map<String, Object> all = new LinkedHashMap<>(spec);
    if (random.nextBoolean()) {
      all.put("selector", Map.of("matchLabels", Map.of("version", "v" + random.nextInt(3))));
    }
    return all;
  }

  private void authorizationPolicy() {
    put(
        "AuthorizationPolicy",
        any(NAMESPACES),
        selecting(
            Map.of(
                "action",
                any(List.of("ALLOW", "DENY", "AUDIT")),
                "rules",
                List.of(
                    Map.of(
                        "from",
                        List.of(Map.of("source", Map.of("namespaces", List.of(any(NAMESPACES))))),
                        "to",
                        List.of(
                            Map.of(
                                "operation",
                                Map.of(
                                    random.nextBoolean() ? "paths" : "ports", List.of("80")))))))));
  }

  private void requestAuthentication() {
    put(
        "RequestAuthentication",
        any(NAMESPACES),
        selecting(
            Map.of(
                "jwtRules",
                List.of(Map.of("issuer", any(APPS), "jwksUri", "https://" + any(APPS))))));
  }

  private void serviceEntry() {
    String resolution = any(List.of("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN"));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("hosts", List.of(outside(resolution.equals("NONE"))));
    spec.put("resolution", resolution);
    spec.put("location", random.nextBoolean() ? "MESH_EXTERNAL" : "MESH_INTERNAL");
    String protocol = any(List.of("HTTP", "TCP", "TLS", ""));
    Map<String, Object> port =
        new LinkedHashMap<>(Map.of("number", random.nextBoolean() ? 80 : 90));
    port.put("name", any(List.of("http", "tcp")));
    if (!protocol.isEmpty()) {
      port.put("protocol", protocol);
    }
    spec.put("ports", List.of(port));
    if (random.nextInt(3) == 0) {
      spec.put(
          "addresses",
          List.of(
              resolution.startsWith("DNS") || random.nextBoolean()
                  ? "192.0.2." + random.nextInt(3)
                  : "198.51.100.0/24"));
    }
    if (random.nextInt(3) == 0) {
      spec.put("exportTo", List.of("."));
    }
    if (random.nextInt(3) == 0) {
      spec.put("workloadSelector", Map.of("labels", Map.of("app", any(APPS))));
    } else if (!resolution.equals("NONE")) {
      spec.put("endpoints", List.of(workload()));
    }
    put("ServiceEntry", any(NAMESPACES), spec);
  }

  private void workloadEntry() {
    Map<String, Object> spec = new LinkedHashMap<>(workload());
    spec.put("labels", Map.of("app", any(APPS), "version", "v" + random.nextInt(3)));
    put("WorkloadEntry", any(NAMESPACES), spec);
  }

  private void sidecar() {
    Map<String, Object> spec = new RandomSidecars(random, this::named).spec();
    put("Sidecar", any(NAMESPACES), spec);
  }

  private void telemetry() {
    Map<String, Object> logging = new LinkedHashMap<>();
    logging.put("match", Map.of("mode", any(List.of("CLIENT", "SERVER", "CLIENT_AND_SERVER"))));
    if (random.nextBoolean()) {
      logging.put("disabled", true);
    } else {
      logging.put("filter", Map.of("expression", "response.code >= " + any(List.of(400, 500))));
    }
    if (random.nextBoolean()) {
      logging.put("providers", List.of(Map.of("name", any(List.of("envoy", "nobody")))));
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("accessLogging", List.of(logging));
    spec.put(
        "metrics", List.of(Map.of("overrides", List.of(Map.of("disabled", random.nextBoolean())))));
    if (random.nextBoolean()) {
      spec.put(
          "tracing",
          List.of(
              Map.of(
                  "match", Map.of("mode", any(List.of("CLIENT", "SERVER"))),
                  "providers", List.of(Map.of("name", "spans")),
                  "disableSpanReporting", random.nextInt(4) == 0)));
    }
    if (random.nextBoolean()) {
      spec.put("selector", Map.of("matchLabels", Map.of("version", "v" + random.nextInt(3))));
    }
    put("Telemetry", random.nextInt(3) == 0 ? "istio-system" : any(NAMESPACES), spec);
  }

  private Map<String, Object> workload() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("address", "203.0.113." + random.nextInt(4));
    spec.put("weight", 1 + random.nextInt(2));
    if (random.nextBoolean()) {
      spec.put("network", any(List.of("n1", "n2")));
    }
    if (random.nextBoolean()) {
      spec.put("serviceAccount", any(APPS));
    }
    return spec;
  }

  /** A host of ServiceEntries, which may be one that a Service has, too. */
  private String outside(boolean patterns) {
    return switch (random.nextInt(5)) {
      case 0 -> any(APPS) + "." + any(NAMESPACES) + ".svc.cluster.local";
      case 1 -> patterns ? "*.example" : "b.example";
      case 2 -> any(APPS);
      default -> random.nextBoolean() ? "a.example" : "outside.example";
    };
  }

  private Map<String, Object> mode() {
    return Map.of("mode", any(List.of("STRICT", "PERMISSIVE", "DISABLE")));
  }

  private void gateway() {
    boolean passes = random.nextInt(3) == 0;
    Map<String, Object> server = new LinkedHashMap<>();
    server.put(
        "port",
        Map.of(
            "number", passes ? 15443 : 80,
            "name", "p",
            "protocol", passes ? "TLS" : "HTTP"));
    server.put("hosts", List.of(random.nextBoolean() ? "*" : "*.local"));
    if (passes) {
      server.put("tls", Map.of("mode", "AUTO_PASSTHROUGH"));
    }
    objects.put(
        "Gateway",
        Map.of(
            "kind", "Gateway",
            "metadata", Map.of("name", "gate", "namespace", "istio-system"),
            "spec", Map.of("selector", Map.of("app", "gate"), "servers", List.of(server))));
  }

  private void setting() {
    switch (random.nextInt(6)) {
      case 4 -> traces();
      case 0 -> settings.put("enableAutoMtls", random.nextBoolean());
      case 1 ->
          settings.put(
              "outboundTrafficPolicy",
              Map.of("mode", random.nextBoolean() ? "ALLOW_ANY" : "REGISTRY_ONLY"));
      case 2 -> settings.put("connectTimeout", (1 + random.nextInt(9)) + "s");
      case 3 -> networks.put("c2", random.nextBoolean() ? "n1" : "n2");
      default -> settings.put("trustDomainAliases", List.of("old-" + random.nextInt(2)));
    }
  }

  private void traces() {
    String service = any(APPS) + "." + any(NAMESPACES) + ".svc.cluster.local";
    Map<String, Object> provider =
        random.nextBoolean()
            ? Map.of("name", "spans", "zipkin", Map.of("service", service, "port", 80))
            : Map.of("name", "spans", "opentelemetry", Map.of("service", service, "port", 90));
    settings.put("extensionProviders", List.of(provider));
    if (random.nextBoolean()) {
      settings.put("defaultProviders", Map.of("tracing", List.of("spans")));
    }
  }

  private void put(String kind, String namespace, Map<String, Object> spec) {
    String name = kind.toLowerCase(java.util.Locale.ROOT) + random.nextInt(3);
    Map<String, Object> metadata =
        new LinkedHashMap<>(Map.of("name", name, "namespace", namespace));
    if (kind.equals("ServiceEntry")) {
      metadata.put("creationTimestamp", "2026-01-0" + (1 + random.nextInt(3)) + "T00:00:00Z");
    }
    objects.put(
        kind + "/" + namespace + "/" + name,
        Map.of("kind", kind, "metadata", metadata, "spec", spec));
  }

  /** A host that an alias may stand for: a service, which may be another alias, or a pod. */
  private String named() {
    String service = any(APPS) + "." + any(NAMESPACES) + ".svc.cluster.local";
    return random.nextInt(3) == 0 ? any(APPS) + "-" + random.nextInt(3) + "." + service : service;
  }

  private String host() {
    int kind = random.nextInt(8);
    return kind == 0
        ? "*.svc.cluster.local"
        : kind == 1 ? outside(false) : any(APPS) + "." + any(NAMESPACES) + ".svc.cluster.local";
  }

  private void removeOne(Map<String, ?> from, int min) {
    if (from.size() > min) {
      from.remove(any(List.copyOf(from.keySet())));
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
