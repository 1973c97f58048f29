package dev.weft.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.explain.RequestStory.Ending;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Other names of services, pods and their addresses, as the mesh takes them. */
class SpellingsTest {
  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout}
      clusters:
        west:
          network: network1
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 80, targetPort: 8080}]}
            - {name: web-alias.shop, externalName: web.shop.svc.cluster.local, ports: []}
            - {name: outside.shop, externalName: www.example.com, ports: [{name: http, port: 80}]}
            - {name: db.shop, ports: [{name: tcp-db, port: 7000}, {name: http-admin, port: 7001}]}
            - {name: mail.shop, vip: 10.96.0.5, ports: [{name: main, port: 9000}]}
            - {name: chat.shop, ports: [{name: main, port: 9001}]}
          pods:
            - {name: cli-1.shop, app: cli, ip: 10.1.0.1}
            - {name: web-1.shop, app: web, ip: 10.1.0.2}
            - {name: db-0.shop, app: db, ip: 10.1.0.3, hostname: db-0}
            - {name: db-1.shop, app: db, ip: 10.1.0.4, hostname: db-1, labels: {tier: open}}
        east:
          network: network2
          crossClusterProxy: true
          services:
            - {name: far.shop, ports: [{name: http, port: 80, targetPort: 8080}]}
            - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [203.0.113.7]}
          pods:
            - {name: far-0.shop, app: far, ip: 10.1.0.2, hostname: far-0}
            - {name: far-1.shop, app: far, ip: 10.1.0.3, hostname: far-1}
            - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: 10.1.0.9, injected: false, labels: {mesh.weft.dev/hop: "1"}}
      """;

  private static final String OPEN =
      "- {kind: PeerAuthentication, metadata: {name: open, namespace: shop}, spec: {selector:"
          + " {matchLabels: {tier: open}}, mtls: {mode: DISABLE}}}\n";

  private static RequestStory tell(MeshSnapshot snapshot, String host) {
    return tell(snapshot, host, Map.of());
  }

  private static RequestStory tell(
      MeshSnapshot snapshot, String host, Map<String, String> headers) {
    try {
      return Stories.tell(
          snapshot,
          new RequestQuestion("", "cli-1.shop", "west", "", host, "/", headers),
          pod -> false);
    } catch (UnclearException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> places(RequestStory story) {
    assertThat(story.outcome().kind()).as("%s", story.steps()).isEqualTo(Ending.FORWARDED);
    return story.destinations().stream()
        .flatMap(d -> d.places().stream())
        .map(Portion::place)
        .toList();
  }

  private static List<String> codes(RequestStory story) {
    return story.steps().stream().map(RequestStory.Step::code).toList();
  }

  private static MeshService service(MeshSnapshot snapshot, String name) {
    return Optional.ofNullable(snapshot.services().get(new ServiceId("shop", name))).orElseThrow();
  }

  @Test
  void an_alias_is_the_service_that_it_stands_for() {
    RequestStory story = tell(Meshes.of(MESH), "web-alias");
    assertThat(places(story)).containsExactly("west/shop/web");
    assertThat(codes(story)).contains("mtls").doesNotContain("passthrough");
    assertThat(places(tell(Meshes.of(MESH), "WEB.shop.svc.cluster.local.")))
        .containsExactly("west/shop/web");
  }

  @Test
  void by_an_unknown_name_a_service_is_what_its_address_says() {
    RequestStory story = tell(Meshes.of(MESH), "web", Map.of("host", "nobody.example"));
    assertThat(places(story)).containsExactly("west/shop/web");
    assertThat(codes(story)).contains("mtls").doesNotContain("passthrough");
    assertThat(story.steps())
        .anyMatch(s -> s.text().contains("has the address that the connection goes to, 10.96.0.1"));
  }

  @Test
  void a_host_outside_has_the_name_that_dns_knows() {
    RequestStory story = tell(Meshes.of(MESH), "outside");
    assertThat(places(story)).containsExactly(Portion.OUTSIDE);
    assertThat(story.steps()).anyMatch(s -> s.text().contains("stands for www.example.com"));
  }

  @Test
  void pods_behind_a_gateway_are_told_by_the_name_of_their_service_and_by_their_own() {
    MeshSnapshot snapshot = Meshes.of(MESH);
    MeshService far = service(snapshot, "far");
    RequestStory all = tell(snapshot, "far");
    assertThat(places(all)).containsExactly("east/shop/far");
    assertThat(all.steps()).anyMatch(s -> s.text().contains("here at " + far.meshVip()));
    RequestStory one = tell(snapshot, "far-1.far");
    assertThat(places(one)).containsExactly("east/shop/far");
    assertThat(one.steps())
        .anyMatch(s -> s.text().contains("here at " + far.podVips().get("far-1")))
        .anyMatch(s -> s.code().equals("gateway") && s.text().contains("far-1.shop is on"));
  }

  @Test
  void each_pod_that_is_dialled_has_the_security_of_its_own_policy() {
    MeshSnapshot snapshot = Meshes.of(MESH, OPEN);
    for (int port : List.of(7000, 7001)) {
      RequestStory strict = tell(snapshot, "db-0.db:" + port);
      assertThat(places(strict)).containsExactly("west/shop/db");
      assertThat(codes(strict)).contains("mtls").doesNotContain("plain");
      assertThat(codes(tell(snapshot, "10.1.0.4:" + port)))
          .contains("plain")
          .doesNotContain("mtls");
    }
  }

  @Test
  void what_a_server_outside_says_first_is_not_heard_on_a_port_of_http() {
    RequestStory story = tell(Meshes.of(MESH), "192.0.2.7:7001");
    assertThat(codes(story)).contains("waits-for-caller", "passthrough");
    assertThat(codes(tell(Meshes.of(MESH), "192.0.2.7:7000"))).doesNotContain("waits-for-caller");
  }

  @Test
  void a_port_that_declares_nothing_keeps_no_server_outside_from_being_heard() {
    for (int port : List.of(9000, 9001)) {
      assertThat(codes(tell(Meshes.of(MESH), "192.0.2.7:" + port)))
          .contains("passthrough")
          .doesNotContain("waits-for-caller");
    }
  }

  @Test
  void what_a_server_of_the_mesh_says_first_is_not_heard_before_its_port_declares_bytes() {
    RequestStory mail = tell(Meshes.of(MESH), "mail:9000");
    assertThat(mail.steps())
        .anyMatch(s -> s.code().equals("waits-for-caller") && s.text().contains("tcp-"));
    assertThat(codes(tell(Meshes.of(MESH), "db-0.db:7000"))).doesNotContain("waits-for-caller");
    assertThat(codes(tell(Meshes.of(MESH), "web"))).doesNotContain("waits-for-caller");
  }
}
