package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What settings of the whole mesh do to requests. */
class MeshSettingsTest {
  private static final String MESH =
      """
      mesh: {accessLogFile: "", SETTING}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: other.shop, app: web, vip: 10.96.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
      """;

  private static final String ONCE_MORE =
      """
      - kind: VirtualService
        metadata: {name: web, namespace: shop}
        spec:
          hosts: [web]
          http:
            - match: [{uri: {prefix: /flaky/9/409/own}}]
              route: [{destination: {host: web}}]
              retries: {attempts: 1, retryOn: "409"}
            - route: [{destination: {host: web}}]
      """;

  @TempDir private Path files;

  private World world(String setting) {
    return new World(MESH.replace("SETTING", setting), files);
  }

  private static int attempts(Client client, String path, String... headers) {
    int before = client.app.received.size();
    assertThat(client.get(path, headers).status()).as(path).isEqualTo(409);
    return client.app.received.size() - before;
  }

  @Test
  void retries_of_the_mesh_hold_where_a_route_says_nothing() {
    try (World world = world("defaultHttpRetryPolicy: {attempts: 3, retryOn: '409'}")) {
      world.objects(ONCE_MORE);
      try (Client client = world.client("client-1", true, "retried")) {
        assertThat(attempts(client, "/flaky/9/409/routed")).isEqualTo(4);
        assertThat(attempts(client, "/flaky/9/409/own")).isEqualTo(2);
        assertThat(attempts(client, "/flaky/9/409/plain", "host: other.shop")).isEqualTo(4);
      }
    }
  }

  private static final String NO_ADMIN =
      """
      - kind: AuthorizationPolicy
        metadata: {name: p, namespace: shop}
        spec: {action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}
      """;

  private static final List<String> SPELLINGS =
      List.of(
          "/admin",
          "/./admin",
          "/%2e/admin",
          "/a/..\\admin",
          "/%61dmin",
          "//admin",
          "/a%2f..%2fadmin",
          "/a%5C..%5cadmin");

  /**
   * @param denied how many of the spellings are recognised
   * @param otherwise what the application sees of the others, in lower case
   */
  private record Paths(String setting, int denied, List<String> otherwise) {}

  static Stream<Paths> paths() {
    return Stream.of(
        new Paths(
            "{normalization: NONE}",
            1,
            List.of(
                "/./admin",
                "/%2e/admin",
                "/a/..\\admin",
                "/%61dmin",
                "//admin",
                "/a%2f..%2fadmin",
                "/a%5c..%5cadmin")),
        new Paths("{}", 5, List.of("//admin", "/a%2f..%2fadmin", "/a%5c..%5cadmin")),
        new Paths(
            "{normalization: MERGE_SLASHES}", 6, List.of("/a%2f..%2fadmin", "/a%5c..%5cadmin")),
        new Paths("{normalization: DECODE_AND_MERGE_SLASHES}", 8, List.of()));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void a_rule_holds_for_all_spellings_of_a_path_that_the_setting_knows(Paths paths) {
    try (World world = world("pathNormalization: " + paths.setting())) {
      world.objects(NO_ADMIN);
      try (Client client = world.client("client-1", true, "spelt")) {
        for (int i = 0; i < SPELLINGS.size(); i++) {
          String path = SPELLINGS.get(i);
          List<Client.Answer> answers =
              List.of(client.get(path), client.overHttp2().get(path), directly(world, path));
          for (Client.Answer answer : answers) {
            if (i < paths.denied()) {
              assertThat(answer.status()).as(path).isEqualTo(403);
            } else {
              assertThat(answer.received())
                  .as(path)
                  .startsWith("get " + paths.otherwise().get(i - paths.denied()) + " ");
            }
          }
        }
      }
    }
  }

  @Test
  void the_application_sees_the_path_as_it_was_judged() {
    try (World world = world("pathNormalization: {normalization: DECODE_AND_MERGE_SLASHES}");
        Client client = world.client("client-1", true, "cleaned")) {
      for (Client each : List.of(client, client.overHttp2())) {
        assertThat(each.get("/a//b%2F%2E%2e/%63?q=/../x").received())
            .startsWith("get /a/c?q=/../x ");
        assertThat(each.get("/a%00b").status()).isEqualTo(400);
      }
    }
  }

  /** From outside of the mesh. */
  private static Client.Answer directly(World world, String path) {
    try (Peer peer = Peer.connect(new InetSocketAddress(world.pod("web-1").address(), 8080))) {
      peer.send("GET " + path + " HTTP/1.1\r\nhost: web.shop\r\n\r\n");
      return new Client.Answer(peer.response());
    }
  }
}
