package dev.weft.cli.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.OneCluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a control plane knows is among what {@code weft analyze} finds. */
class RefusedByProxiesTest {
  private static final String DIAGNOSTICS =
      """
      [{"severity": "error", "code": "refused-by-proxy", "object": "VirtualService shop/cart",
        "path": "", "message": "proxies refuse what was made of it"},
       {"severity": "error", "code": "IST0101", "object": "VirtualService shop/cart",
        "path": "", "message": "found here, too, or not at all"}]
      """;

  @TempDir Path directory;

  private static HttpServer controlPlane() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = DIAGNOSTICS.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/debug/diagnostics",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void what_proxies_refuse_is_reported_with_its_object() throws Exception {
    HttpServer server = controlPlane();
    try (OneCluster cluster = new OneCluster("west", directory)) {
      OneCluster.Ran ran =
          cluster.weft(
              "analyze",
              "-n",
              "shop",
              "--control-plane",
              "http://127.0.0.1:" + server.getAddress().getPort());
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out())
          .isEqualTo(
              "Error [refused-by-proxy] (VirtualService shop/cart) proxies refuse what was made of"
                  + " it\n");
      assertThat(ran.err()).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void cluster_without_a_control_plane_is_analyzed_all_the_same_and_it_is_said() throws Exception {
    try (OneCluster cluster = new OneCluster("west", directory)) {
      OneCluster.Ran ran = cluster.weft("analyze", "-n", "shop");
      assertThat(ran.code()).isZero();
      assertThat(ran.out()).isEqualTo("No mistakes found in namespace shop.\n");
      assertThat(ran.err())
          .contains("what proxies refuse is not known: no control plane runs in namespace");
    }
  }
}
