package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import dev.weft.snapshot.MeshService;
import dev.weft.types.ServiceId;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However a service is called, by the names that Kubernetes has for it, by an alias, by a pod's
 * name or address, in this cluster or in another one, its routes and its policy apply: the mesh of
 * these tests takes mutual TLS alone, so that what is not recognised is refused.
 */
class SpellingsTest {
  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          network: network-west
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: web-alias.shop, externalName: web.shop.svc.cluster.local, ports: [{name: http, port: 8000}]}
            - {name: again.bank, externalName: Web-Alias.shop.svc.cluster.local., ports: []}
            - {name: remote-alias.shop, externalName: api.shop.svc.cluster.local, ports: []}
            - {name: pod-alias.shop, externalName: db-0.db.shop.svc.cluster.local, ports: []}
            - {name: far-alias.shop, externalName: far-1.far.shop.svc.cluster.local, ports: []}
            - {name: primary.shop, app: nobody, vip: 10.96.0.5, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: db.shop, ports: [{name: http-admin, port: 8080}, {name: tcp-db, port: 8081}]}
            - {name: turned.shop, ports: [{name: http, port: 8000, targetPort: 8080}]}
          slices:
            - {name: primary-written, namespace: shop, service: primary, addresses: [NET.12], ports: [{name: http, port: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
            - {name: db-0.shop, app: db, ip: NET.12, hostname: db-0}
            - {name: turned-0.shop, app: turned, ip: NET.14}
            - {name: db-1.shop, app: db, ip: NET.13, hostname: db-1, labels: {tier: open}}
            - {name: ingress-1.istio-system, app: ingress, ip: NET.100, injected: false, labels: {istio: ingressgateway}}
        east:
          network: network-east
          crossClusterProxy: true
          services:
            - {name: api.shop, vip: 10.97.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: far.shop, ports: [{name: http, port: 8000, targetPort: 8080}, {name: tcp, port: 9000, targetPort: 8081}]}
            - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [NET.200]}
          pods:
            - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: NET.200, injected: false, labels: {mesh.weft.dev/hop: "1"}}
            - {name: api-1.shop, app: api, ip: NET.21}
            - {name: far-0.shop, app: far, ip: NET.22, hostname: far-0}
            - {name: far-1.shop, app: far, ip: NET.23, hostname: far-1}
      """;

  private static final String STRICT =
      """
      - kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT}}
      """;

  @TempDir private Path files;

  /** A call by a name to what the name resolves to. */
  private record Call(String host, String dialled, int port, String routes, List<String> pods) {}

  private static String objects() {
    StringBuilder all = new StringBuilder(STRICT);
    Map.of("web", 8000, "api", 8000, "far", 8000, "primary", 8000, "db", 8080, "turned", 8000)
        .forEach(
            (name, port) ->
                all.append(
                    """
                    - kind: VirtualService
                      metadata: {name: NAME, namespace: shop}
                      spec:
                        hosts: [NAME]
                        http: [{headers: {request: {set: {x-routes: of-NAME}}}, route: [{destination: {host: NAME, port: {number: PORT}}}]}]
                    """
                        .replace("NAME", name)
                        .replace("PORT", port.toString())));
    return all.toString();
  }

  private static MeshService service(World world, String name) {
    return Optional.ofNullable(world.snapshot().services().get(new ServiceId("shop", name)))
        .orElseThrow();
  }

  private static List<Call> calls(World world) {
    String web = "10.96.0.1";
    String api = service(world, "api").meshVip();
    String far = service(world, "far").meshVip();
    String far1 = service(world, "far").podVips().getOrDefault("far-1", "");
    String db0 = world.pod("db-0").address();
    String turned = world.pod("turned-0").address();
    List<String> one = List.of("web-1");
    List<String> both = List.of("far-0", "far-1");
    return List.of(
        new Call("web", web, 8000, "web", one),
        new Call("web.shop", web, 8000, "web", one),
        new Call("web.shop.svc", web, 8000, "web", one),
        new Call("WEB.shop.SVC.cluster.local", web, 8000, "web", one),
        new Call("web.shop.svc.cluster.local.", web, 8000, "web", one),
        new Call("web.shop.svc.cluster.local.:8000", web, 8000, "web", one),
        new Call("web:8000", web, 8000, "web", one),
        new Call(web, web, 8000, "web", one),
        new Call("nobody.example", web, 8000, "web", one),
        new Call("", web, 8000, "web", one),
        new Call("nobody.example:81", far1, 8000, "far", List.of("far-1")),
        new Call("web-alias", web, 8000, "web", one),
        new Call("Web-Alias.shop.svc.cluster.local", web, 8000, "web", one),
        new Call("again.bank", web, 8000, "web", one),
        new Call("remote-alias", api, 8000, "api", List.of("api-1")),
        new Call("primary", "10.96.0.5", 8000, "primary", List.of("db-0")),
        new Call("db", db0, 8080, "db", List.of("db-0")),
        new Call("db.shop.svc.cluster.local:8080", db0, 8080, "db", List.of("db-0")),
        new Call("db-0.db", db0, 8080, "db", List.of("db-0")),
        new Call("db-0.db.shop.svc.cluster.local.", db0, 8080, "db", List.of("db-0")),
        new Call(db0 + ":8080", db0, 8080, "db", List.of("db-0")),
        new Call("pod-alias:8080", db0, 8080, "db", List.of("db-0")),
        new Call("turned:8080", turned, 8080, "turned", List.of("turned-0")),
        new Call("anything", turned, 8080, "turned", List.of("turned-0")),
        new Call("far", far, 8000, "far", both),
        new Call(far, far, 8000, "far", both),
        new Call("far-1.far.shop", far1, 8000, "far", List.of("far-1")),
        new Call("far-1.far.shop.svc.cluster.local", far1, 8000, "far", List.of("far-1")),
        new Call(far1, far1, 8000, "far", List.of("far-1")),
        new Call("far-alias", far1, 8000, "far", List.of("far-1")));
  }

  @Test
  void a_service_is_what_it_is_called() {
    try (World world = new World(MESH, files)) {
      world.objects(objects());
      try (Client client = world.client("client-1", true, "spelt")) {
        for (Call call : calls(world)) {
          client.proxy().dials(call.dialled(), call.port());
          Client.Answer answer = client.get("/spelt", "host: " + call.host());
          assertThat(answer.status()).as("%s", call).isEqualTo(200);
          assertThat(call.pods()).as("%s", call).contains(answer.pod());
          assertThat(answer.received())
              .as("%s", call)
              .contains("x-routes: of-" + call.routes(), "x-forwarded-client-cert");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /spelt HTTP/1.0\r\nhost: web",
        "GET /spelt HTTP/1.0",
        "GET http://web/spelt HTTP/1.0",
        "GET http://web.shop:8000/spelt HTTP/1.1\r\nhost: api",
        "GET /spelt HTTP/1.1\r\nHOST: WEB",
      })
  void a_request_is_one_however_it_begins(String head) {
    try (World world = new World(MESH, files)) {
      world.objects(objects());
      try (Client client = world.client("client-1", true, "begun")) {
        client.proxy().dials("10.96.0.1", 8000);
        try (Peer peer = client.connect()) {
          peer.send(head + "\r\nuser-agent: begun\r\n\r\n");
          Client.Answer answer = new Client.Answer(peer.response());
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.pod()).isEqualTo("web-1");
          assertThat(answer.received()).contains("x-routes: of-web", "x-forwarded-client-cert");
        }
      }
    }
  }

  @Test
  void bytes_to_a_pod_behind_a_gateway_go_to_that_pod() {
    try (World world = new World(MESH, files)) {
      world.objects(STRICT);
      MeshService far = service(world, "far");
      try (Client client = world.client("client-1", true, "bytes")) {
        for (String pod : List.of("far-0", "far-1", "far-0")) {
          client.proxy().dials(far.podVips().getOrDefault(pod, ""), 9000);
          Client.Answer answer = client.get("/bytes", "host: anything");
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.pod()).isEqualTo(pod);
        }
      }
    }
  }

  @Test
  void pods_of_one_service_are_called_as_the_policy_of_each_says() {
    try (World world = new World(MESH, files)) {
      world.objects(
          STRICT
              + """
              - kind: PeerAuthentication
                metadata: {name: open, namespace: shop}
                spec:
                  selector: {matchLabels: {tier: open}}
                  mtls: {mode: DISABLE}
              """);
      try (Client client = world.client("client-1", true, "mixed")) {
        for (int port : LiveProxy.TARGET_PORTS) {
          client.proxy().dials(world.pod("db-0").address(), port);
          assertThat(client.get("/mixed", "host: db").pod()).isEqualTo("db-0");
          client.proxy().dials(world.pod("db-1").address(), port);
          Client.Answer open = client.get("/mixed", "host: db");
          assertThat(open.pod()).isEqualTo("db-1");
          assertThat(open.received()).doesNotContain("x-forwarded-client-cert");
        }
      }
    }
  }

  @Test
  void a_service_that_disables_mutual_tls_is_called_in_plain_text() {
    try (World world = new World(MESH, files)) {
      world.objects(STRICT.replace("STRICT", "DISABLE"));
      try (Client client = world.client("client-1", true, "plain")) {
        for (int port : LiveProxy.TARGET_PORTS) {
          client.proxy().dials(world.pod("db-0").address(), port);
          assertThat(client.get("/plain", "host: db").status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void a_route_of_a_gateway_to_an_alias_leads_to_what_it_stands_for() {
    try (World world = new World(MESH, files)) {
      world.objects(
          STRICT
              + """
              - kind: Gateway
                metadata: {name: site, namespace: shop}
                spec:
                  selector: {istio: ingressgateway}
                  servers: [{port: {number: 8085, name: http, protocol: HTTP}, hosts: [ext.example.com]}]
              - kind: VirtualService
                metadata: {name: ext, namespace: shop}
                spec:
                  hosts: [ext.example.com]
                  gateways: [site]
                  http:
                  - {match: [{uri: {prefix: /remote}}], route: [{destination: {host: remote-alias}}]}
                  - route: [{destination: {host: web-alias, port: {number: 8000}}}]
              """);
      assertThat(asked(world, "/").pod()).isEqualTo("web-1");
      assertThat(asked(world, "/remote").pod()).isEqualTo("api-1");
    }
  }

  private static Client.Answer asked(World world, String path) {
    try (Peer gateway =
        Peer.connect(new InetSocketAddress(world.pod("ingress-1").address(), 8085))) {
      gateway.send("GET " + path + " HTTP/1.1\r\nhost: ext.example.com\r\n\r\n");
      return new Client.Answer(gateway.response());
    }
  }
}
