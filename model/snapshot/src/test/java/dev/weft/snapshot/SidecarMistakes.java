package dev.weft.snapshot;

import static dev.weft.snapshot.IstioObjects.object;

import dev.weft.config.ConfigKind;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.snapshot.Mistakes.Case;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Ports of Sidecar objects that nobody has, and gateways that the mesh does not see. */
final class SidecarMistakes {
  private static final Map<String, Object> OF_CART = Map.of("labels", Map.of("app", "cart"));

  private SidecarMistakes() {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "a port of egress that none of its hosts has",
            w ->
                w.put(
                    object(
                        ConfigKind.SIDECAR,
                        "cart",
                        Map.of(
                            "workloadSelector",
                            OF_CART,
                            "egress",
                            List.of(
                                Map.of("port", Map.of("number", 80), "hosts", List.of("./*")),
                                Map.of(
                                    "port",
                                    Map.of("number", 9080),
                                    "hosts",
                                    List.of("./ingress.default.svc.cluster.local")))))),
            "egress-port-without-service",
            "spec.egress[1].port.number"),
        new Case(
            "a port of a Service that ingress leaves out",
            w ->
                w.put(
                    object(
                        ConfigKind.SIDECAR,
                        "cart",
                        Map.of(
                            "workloadSelector",
                            OF_CART,
                            "ingress",
                            List.of(Map.of("port", Map.of("number", 9080)))))),
            "service-port-not-in-ingress",
            "spec.ingress"),
        new Case(
            "a gateway where the mesh does not look",
            w ->
                w.settings(settings())
                    .put(
                        object(
                            ConfigKind.ISTIO_GATEWAY,
                            "front",
                            Map.of("clusterIds", List.of("one")))),
            "gateway-not-seen",
            "spec.clusterIds"));
  }

  private static MeshSettings settings() {
    return MeshSettingsParser.read(
            Map.of(
                "discoverySelectors",
                List.of(Map.of("matchLabels", Map.of("istio-injection", "enabled")))),
            Map.of(),
            MeshSettings.defaults())
        .settings();
  }
}
