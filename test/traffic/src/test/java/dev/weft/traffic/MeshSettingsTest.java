package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
