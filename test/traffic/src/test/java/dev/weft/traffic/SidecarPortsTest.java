package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Origin;
import dev.weft.testkit.Settle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sidecars that listen, and find their application, where a Sidecar says. */
class SidecarPortsTest {
  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}, {name: tcp, port: 9200, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
      """;

  private static final String OBJECTS =
      """
      - apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: web, namespace: shop}
        spec:
          workloadSelector: {labels: {app: web}}
          ingress: [{port: {number: 8080, protocol: HTTP, name: http}, defaultEndpoint: "127.0.0.1:LOOPBACK"}]
      - apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: client, namespace: shop}
        spec:
          workloadSelector: {labels: {app: client}}
          outboundTrafficPolicy: {mode: REGISTRY_ONLY}
          egress:
            - {port: {number: 9200, protocol: PROTOCOL}, captureMode: NONE, hosts: [./web.shop.svc.cluster.local]}
            - {hosts: [./*]}
      - apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT}}
      - apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: web, namespace: shop}
        spec:
          selector: {matchLabels: {app: web}}
          action: DENY
          rules: [{to: [{operation: {paths: [/admin], ports: ["8080"]}}]}]
      """;

  @TempDir private Path files;

  @Test
  void an_application_on_the_loopback_is_called_with_mutual_tls_and_by_policies() {
    try (World world = new World(MESH, files);
        Origin loopback = loopback(world)) {
      world.objects(objects(loopback, "HTTP"));
      try (Client client = world.client("client-1", true, "captured")) {
        assertThat(client.get("/").pod()).isEqualTo("loopback");
        assertThat(client.get("/").received()).contains("x-forwarded-client-cert", "/sa/client");
        assertThat(client.get("/admin").status()).isEqualTo(403);
      }
      LiveProxy web = world.proxy("web-1");
      assertThat(web.metrics())
          .contains("istio_requests_total{")
          .contains("destination_service=\"web.shop.svc.cluster.local\"")
          .contains("connection_security_policy=\"mutual_tls\"");
    }
  }

  @Test
  void a_port_of_the_sidecar_leads_to_the_hosts_of_its_entry() {
    try (World world = new World(MESH, files);
        Origin loopback = loopback(world)) {
      world.objects(objects(loopback, "HTTP"));
      try (Client client = world.client("client-1", true, "requests")) {
        try (Client.Conversation own = client.talk(9200)) {
          assertThat(own.get("/").pod()).isEqualTo("loopback");
          assertThat(own.get("/", "host: nobody.example").status()).isEqualTo(502);
        }
      }
      world.objects(objects(loopback, "TCP"));
      try (Client client = world.client("client-1", true, "bytes");
          Client.Conversation own = client.talk(9200)) {
        assertThat(own.get("/", "host: nobody.example").pod()).isEqualTo("loopback");
      }
    }
  }

  @Test
  void the_application_gets_as_many_requests_as_its_sidecar_lets_pass() {
    try (World world = new World(MESH, files);
        Origin loopback = loopback(world)) {
      world.objects(
          objects(loopback, "HTTP")
              .replace(
                  "  ingress:",
                  "  inboundConnectionPool: {http: {http2MaxRequests: 1}}\n  ingress:"));
      try (Client client = world.client("client-1", true, "limited");
          Client.Conversation held = client.talk()) {
        held.send("GET", "/never");
        Settle.until("it is held", () -> !world.app.received.isEmpty());
        Client.Answer refused = client.get("/");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("x-envoy-overloaded")).isEqualTo("true");
      }
    }
  }

  private static Origin loopback(World world) {
    return world.app.at("loopback", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static String objects(Origin loopback, String protocol) {
    return OBJECTS
        .replace("LOOPBACK", String.valueOf(loopback.port()))
        .replace("PROTOCOL", protocol);
  }
}
