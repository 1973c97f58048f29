package dev.weft.traffic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that leave by an egress gateway because a VirtualService says so. */
class EgressTest {
  private static final String HOST = "web.shop.svc.cluster.local";

  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: istio-egressgateway.istio-system, vip: 10.96.9.9, ports: [{name: http, port: 80, targetPort: 8085}, {name: https, port: 443, targetPort: 8445}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
            - {name: istio-egressgateway-1.istio-system, app: istio-egressgateway, ip: NET.200, injected: false, labels: {istio: egressgateway}}
      """;

  /** From the mesh to the gateway, and from the gateway on. */
  private static final String WAY =
      """
      - apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: web, namespace: shop}
        spec:
          hosts: [web.shop.svc.cluster.local]
          gateways: [mesh, egress]
          http:
          - match: [{gateways: [mesh]}]
            route: [{destination: {host: istio-egressgateway.istio-system.svc.cluster.local, port: {number: PORT}}}]
          - match: [{gateways: [egress]}]
            route: [{destination: {host: web, port: {number: 8000}}}]
      - apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: egress, namespace: shop}
        spec:
          selector: {istio: egressgateway}
          servers: [SERVER]
      """;

  private static final String MUTUAL =
      """
      - apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: egress, namespace: shop}
        spec:
          host: istio-egressgateway.istio-system.svc.cluster.local
          trafficPolicy:
            portLevelSettings: [{port: {number: 443}, tls: {mode: ISTIO_MUTUAL, sni: web.shop.svc.cluster.local}}]
      """;

  @TempDir private Path files;

  @Test
  void in_plain_text() {
    leaves(
        WAY.replace("PORT", "80")
            .replace("SERVER", "{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}"));
  }

  @Test
  void with_mutual_tls_of_the_mesh() {
    leaves(
        WAY.replace("PORT", "443")
                .replace(
                    "SERVER",
                    "{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["
                        + HOST
                        + "], tls: {mode: ISTIO_MUTUAL}}")
            + MUTUAL);
  }

  private void leaves(String objects) {
    try (World world = new World(MESH, files)) {
      world.objects(objects);
      LiveProxy gateway = requireNonNull(world.proxies().get("istio-egressgateway-1"));
      try (Client client = world.client("client-1", true, "egress")) {
        Client.Answer answer = client.get("/out", "host: " + HOST);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.pod()).isEqualTo("web-1");
      }
      Settle.until(
          "the gateway logs the request",
          () -> gateway.log().stream().anyMatch(line -> line.contains("\"/out\"")));
    }
  }
}
