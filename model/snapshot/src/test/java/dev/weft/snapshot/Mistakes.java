package dev.weft.snapshot;

import static dev.weft.snapshot.IstioObjects.gateway;
import static dev.weft.snapshot.IstioObjects.matched;
import static dev.weft.snapshot.IstioObjects.object;
import static dev.weft.snapshot.IstioObjects.policy;
import static dev.weft.snapshot.IstioObjects.routes;
import static dev.weft.snapshot.IstioObjects.rule;
import static dev.weft.snapshot.IstioObjects.to;
import static dev.weft.snapshot.IstioObjects.virtualService;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.InjectorValuesParser;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Mistakes, each with the code and the place under which it is found. */
final class Mistakes {
  private Mistakes() {}

  private static final Map<String, Object> TO_CART = to("cart", Map.of());

  record Case(String name, Consumer<World> mistake, String code, String path) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Every mistake that is found. */
  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "a route to a service that nobody has",
            w -> w.put(routes("cart", List.of(to("basket", Map.of())))),
            "IST0101",
            "spec"),
        new Case(
            "a route to a subset that nobody defines",
            w -> w.put(routes("cart", List.of(to("cart", Map.of("subset", "v9"))))),
            "IST0101",
            "spec"),
        new Case(
            "a gateway that is not there",
            w ->
                w.put(
                    virtualService(
                        "cart",
                        Map.of(
                            "hosts", List.of("cart"),
                            "gateways", List.of("front", "mesh"),
                            "http", List.of(TO_CART)))),
            "IST0101",
            "spec.gateways[0]"),
        new Case(
            "a gateway without pods",
            w -> w.put(gateway("front", "nobody", 80, "shop.example")),
            "IST0101",
            "spec.selector"),
        new Case(
            "a gateway's certificate that is not there",
            w ->
                w.put(
                        object(
                            ConfigKind.GATEWAY,
                            "front",
                            Map.of(
                                "selector",
                                Map.of("app", "ingress"),
                                "servers",
                                List.of(
                                    Map.of(
                                        "port",
                                        Map.of("number", 80, "name", "https", "protocol", "HTTPS"),
                                        "hosts",
                                        List.of("shop.example"),
                                        "tls",
                                        Map.of("mode", "SIMPLE", "credentialName", "shop"))))))
                    .credential(
                        new CredentialKey(new ClusterId("one"), "default", "shop"),
                        Credential.missing("it is not there")),
            "IST0161",
            "spec.servers[0].tls.credentialName"),
        new Case(
            "a gateway's port that its Service has not",
            w -> w.put(gateway("front", "ingress", 8443, "shop.example")),
            "IST0162",
            "spec.servers[0].port"),
        new Case(
            "a host that the gateway has not",
            w ->
                w.put(gateway("front", "ingress", 80, "*.example"))
                    .put(
                        virtualService(
                            "cart",
                            Map.of(
                                "hosts", List.of("shop.test"),
                                "gateways", List.of("front"),
                                "http", List.of(TO_CART)))),
            "IST0132",
            "spec.hosts[0]"),
        new Case(
            "two gateways for one host",
            w ->
                w.put(gateway("front", "ingress", 80, "shop.example"))
                    .put(gateway("other", "ingress", 80, "shop.example")),
            "IST0145",
            "spec.servers[0]"),
        new Case(
            "a rule after one that takes everything",
            w -> w.put(routes("cart", List.of(TO_CART, matched("/a")))),
            "IST0130",
            "spec.http[1]"),
        new Case(
            "a rule with the same match as one before",
            w -> w.put(routes("cart", List.of(matched("/a"), matched("/a"), TO_CART))),
            "IST0130",
            "spec.http[1]"),
        new Case(
            "a match that a rule before has too",
            w -> w.put(routes("cart", List.of(matched("/a"), matched("/a", "/b"), TO_CART))),
            "IST0131",
            "spec.http[1].match[0]"),
        new Case(
            "two objects for one host",
            w -> w.put(routes("one", List.of(TO_CART))).put(routes("two", List.of(TO_CART))),
            "IST0109",
            "spec.hosts[0]"),
        new Case(
            "a rule for a host that nobody has",
            w -> w.put(rule("basket.default.svc.cluster.local", Map.of())),
            "IST0174",
            "spec.host"),
        new Case(
            "a subset without pods",
            w ->
                w.put(
                    rule(
                        "cart",
                        Map.of(
                            "subsets",
                            List.of(Map.of("name", "v9", "labels", Map.of("version", "v9")))))),
            "IST0173",
            "spec.subsets"),
        new Case(
            "failover without outlier detection",
            w ->
                w.put(
                    policy(
                        Map.of(
                            "loadBalancer",
                            Map.of(
                                "localityLbSetting",
                                Map.of(
                                    "failover", List.of(Map.of("from", "east", "to", "west"))))))),
            "failover-without-outlier-detection",
            "spec.trafficPolicy.loadBalancer.localityLbSetting"),
        new Case(
            "outlier detection without a cap",
            w -> w.put(policy(Map.of("outlierDetection", Map.of("consecutive5xxErrors", 1)))),
            "ejection-cap",
            "spec.trafficPolicy.outlierDetection.maxEjectionPercent"),
        new Case(
            "a share for a place without endpoints",
            w ->
                w.put(
                    policy(
                        Map.of(
                            "loadBalancer",
                            Map.of(
                                "localityLbSetting",
                                Map.of(
                                    "distribute",
                                    List.of(
                                        Map.of(
                                            "from",
                                            "east/*",
                                            "to",
                                            Map.of("east/*", 80, "north/*", 20)))))))),
            "locality-without-endpoints",
            "spec.trafficPolicy.loadBalancer.localityLbSetting.distribute"),
        new Case(
            "ports that differ between clusters",
            w -> w.cluster("two").service("cart", 80, "http-other", "10.96.0.2"),
            "IST0170",
            "spec.ports"),
        new Case(
            "a port without a protocol in its name",
            w -> w.cluster("one").service("odd", 80, "web", "10.96.0.3"),
            "IST0118",
            "spec.ports[0]"),
        new Case(
            "a namespace that says nothing of sidecars",
            w -> w.cluster("one").namespace("default", Map.of()),
            "IST0102",
            "metadata.labels"),
        new Case(
            "a pod without the sidecar that it should have",
            w -> w.cluster("one").pod("cart", "cart-2", "10.0.0.3", Map.of()),
            "IST0103",
            ""),
        new Case(
            "a namespace with two labels for its sidecars",
            w ->
                w.cluster("one")
                    .namespace(
                        "default", Map.of("istio-injection", "enabled", "istio.io/rev", "v2")),
            "IST0123",
            "metadata.labels"),
        new Case(
            "a namespace that gets sidecars because nobody said no",
            w -> w.settings(SIDECARS_BY_DEFAULT).cluster("one").namespace("default", Map.of()),
            "IST0148",
            "metadata.labels"),
        new Case(
            "a route to a service with several ports that names none",
            w -> {
              w.cluster("one")
                  .put(service("two", Map.of(), port("http-a", 80), port("http-b", 81)));
              w.put(routes("cart", List.of(to("two", Map.of()))));
            },
            "IST0112",
            "spec"),
        new Case(
            "an annotation that nobody knows",
            w -> w.cluster("one").put(annotated("networking.istio.io/exportTwo", "*")),
            "IST0108",
            "metadata.annotations[networking.istio.io/exportTwo]"),
        new Case(
            "an annotation of a pod on a Service",
            w -> w.cluster("one").put(annotated("sidecar.istio.io/inject", "true")),
            "IST0107",
            "metadata.annotations[sidecar.istio.io/inject]"),
        new Case(
            "an annotation that Istio has given up",
            w -> w.cluster("one").put(annotated("alpha.istio.io/canonical-serviceaccounts", "a")),
            "IST0135",
            "metadata.annotations[alpha.istio.io/canonical-serviceaccounts]"),
        new Case(
            "an annotation whose value means nothing",
            w ->
                w.cluster("one")
                    .annotatedPod(
                        "cart",
                        "cart-0",
                        "10.0.0.4",
                        Map.of("sidecar.istio.io/interceptionMode", "SOMEHOW")),
            "IST0125",
            "metadata.annotations[sidecar.istio.io/interceptionMode]"),
        new Case(
            "a client without the mutual TLS that its server demands",
            w ->
                w.put(policy(Map.of("tls", Map.of("mode", "DISABLE"))))
                    .put(
                        object(
                            ConfigKind.PEER_AUTHENTICATION,
                            "strict",
                            Map.of("mtls", Map.of("mode", "STRICT")))),
            "IST0113",
            "spec.trafficPolicy.tls"),
        new Case(
            "a client with mutual TLS for a server without",
            w -> {
              w.cluster("one")
                  .service("plain", 80, "http", "10.96.0.5")
                  .pod("plain", "plain-1", "10.0.0.5", Map.of("sidecar.istio.io/inject", "false"));
              w.put(
                  rule(
                      "plain",
                      Map.of("trafficPolicy", Map.of("tls", Map.of("mode", "ISTIO_MUTUAL")))));
            },
            "IST0113",
            "spec.trafficPolicy.tls"),
        new Case(
            "one port of a pod by two protocols",
            w ->
                w.cluster("one")
                    .put(service("cart-raw", Map.of("app", "cart"), port("tcp-cart", 80))),
            "IST0116",
            ""),
        new Case(
            "a network of a cluster that is not there",
            w -> w.settings(NETWORK_OF_NOBODY),
            "IST0126",
            "meshNetworks.far.endpoints"),
        new Case(
            "two Sidecars for a namespace",
            w -> {
              w.put(sidecar("first", Map.of()));
              w.put(sidecar("second", Map.of()));
            },
            "IST0111",
            "spec.workloadSelector"),
        new Case(
            "two Sidecars for a pod",
            w -> {
              w.put(sidecar("first", Map.of("app", "cart")));
              w.put(sidecar("second", Map.of("app", "cart")));
            },
            "IST0110",
            "spec.workloadSelector"),
        new Case(
            "a proxy for unknown hosts that is not there",
            w ->
                w.put(
                    object(
                        ConfigKind.SIDECAR,
                        "exit",
                        Map.of(
                            "outboundTrafficPolicy",
                            Map.of(
                                "mode",
                                "ALLOW_ANY",
                                "egressProxy",
                                Map.of(
                                    "host",
                                    "exit.default.svc.cluster.local",
                                    "port",
                                    Map.of("number", 80)))))),
            "IST0101",
            "spec.outboundTrafficPolicy.egressProxy"),
        new Case(
            "a host of a ServiceEntry that is a Service",
            w -> w.put(entry("cart.default.svc.cluster.local", Map.of())),
            "host-declared-twice",
            "spec.hosts"),
        new Case(
            "a ServiceEntry that selects nothing",
            w -> w.put(entry("a.example", Map.of("app", "nobody"))),
            "IST0127",
            "spec.workloadSelector.labels"),
        new Case(
            "a policy for pods that are not there",
            w ->
                w.put(
                    object(
                        ConfigKind.PEER_AUTHENTICATION,
                        "nobody",
                        Map.of("selector", Map.of("matchLabels", Map.of("app", "nobody"))))),
            "IST0127",
            "spec.selector.matchLabels"));
  }

  private static ConfigObject sidecar(String name, Map<String, String> labels) {
    return object(
        ConfigKind.SIDECAR,
        name,
        Map.of(
            "workloadSelector",
            Map.of("labels", labels),
            "egress",
            List.of(Map.of("hosts", List.of("*/*")))));
  }

  private static ConfigObject entry(String host, Map<String, String> labels) {
    return object(
        ConfigKind.SERVICE_ENTRY,
        "entry",
        Map.of("hosts", List.of(host), "workloadSelector", Map.of("labels", labels)));
  }

  private static final MeshSettings SIDECARS_BY_DEFAULT =
      MeshSettings.defaults()
          .withInjector(
              InjectorValuesParser.read(
                      Map.of("sidecarInjectorWebhook", Map.of("enableNamespacesByDefault", true)),
                      "values")
                  .values());

  private static final MeshSettings NETWORK_OF_NOBODY =
      MeshSettingsParser.read(
              Map.of(),
              Map.of(
                  "networks",
                  Map.of(
                      "far",
                      Map.of(
                          "endpoints",
                          List.of(Map.of("fromRegistry", "elsewhere")),
                          "gateways",
                          List.of(Map.of("address", "1.2.3.4", "port", 15443))))),
              MeshSettings.defaults())
          .settings();

  private static KubeService annotated(String name, String value) {
    return service("noted", Map.of(name, value), Map.of(), port("http", 80));
  }

  static KubeService service(String name, Map<String, String> selector, KubeService.Port... ports) {
    return service(name, Map.of(), selector, ports);
  }

  static KubeService service(
      String name,
      Map<String, String> annotations,
      Map<String, String> selector,
      KubeService.Port... ports) {
    return new KubeService(
        new ServiceId("default", name),
        Map.of(),
        annotations,
        Instant.EPOCH,
        KubeService.Type.CLUSTER_IP,
        List.of("10.96.0.7"),
        false,
        "",
        List.of(),
        List.of(),
        selector.isEmpty() ? Map.of("app", name) : selector,
        List.of(ports),
        false,
        false);
  }

  static KubeService.Port port(String name, int number) {
    return new KubeService.Port(name, number, "TCP", "", "8080", 0);
  }
}
