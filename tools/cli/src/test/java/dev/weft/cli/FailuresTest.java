package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
  @TempDir Path directory;

  @Test
  void an_api_server_that_is_away_is_named_with_what_to_do() throws IOException {
    int port = freePort();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("config"),
            """
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d"}}]
            contexts: [{name: c, context: {cluster: c}}]
            """
                .formatted(port));

    OneCluster.Ran ran =
        OneCluster.run(
            "proxy-config",
            "clusters",
            "sleep",
            "--context",
            "c",
            "--kubeconfig",
            kubeconfig.toString());

    assertThat(ran.code()).as(ran.err()).isEqualTo(3);
    assertThat(ran.err())
        .isEqualTo(
            "weft: the API server https://127.0.0.1:"
                + port
                + " does not answer: nothing listens there, or there is no way to it; is the"
                + " cluster up?\n");
  }

  @Test
  void a_cluster_without_a_control_plane_says_where_to_look() throws Exception {
    try (OneCluster cluster = new OneCluster("west", directory)) {
      assertThat(cluster.weft("proxy-status", "--context", "west").err())
          .contains("no control plane runs in namespace istio-system of context west")
          .contains("--control-plane");
      assertThat(cluster.weft("cluster", "list").err())
          .contains("no context has a mesh's own objects")
          .contains("--mesh-context");
      assertThat(cluster.weft("proxy-config", "clusters", "sleep", "-n", "shop").err())
          .contains("no pod 'sleep' in namespace 'shop'");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
