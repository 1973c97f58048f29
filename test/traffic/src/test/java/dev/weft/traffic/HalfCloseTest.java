package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Origin;
import dev.weft.server.Peer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever sends and ends its output at once gets its answer: through two sidecars with mutual TLS,
 * in a cluster and across.
 */
class HalfCloseTest {
  private static final int[] SIZES = {1, 2, 1_000, 100_000};
  private static final int TIMES = 25;

  private static final String SERVER =
      "- {name: bytes-1.shop, app: bytes, ip: NET.61, own: true}\n";

  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          network: network-west
          services:
            - {name: bytes.shop, vip: 10.96.0.5, ports: [{name: tcp, port: 7000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            INSIDE
        east:
          network: network-east
          crossClusterProxy: true
          services:
            - {name: bytes.shop, vip: 10.97.0.5, ports: [{name: tcp, port: 7000, targetPort: 8080}]}
            - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [NET.200]}
          pods:
            - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: NET.200, injected: false, labels: {mesh.weft.dev/hop: "1"}}
            ACROSS
      """;

  @TempDir private Path files;

  @ParameterizedTest
  @EnumSource(HopParityTest.Place.class)
  void what_is_sent_with_the_end_of_output_is_answered(HopParityTest.Place place) {
    String mesh =
        MESH.replace("INSIDE\n", place == HopParityTest.Place.INSIDE ? SERVER : "\n")
            .replace("ACROSS\n", place == HopParityTest.Place.ACROSS ? SERVER : "\n");
    try (World world = new World(mesh, files);
        Origin application = echo(world.pod("bytes-1"));
        Client client = world.client("client-1", true, "half")) {
      for (int i = 0; i < TIMES; i++) {
        for (int size : SIZES) {
          assertThat(client.answerOf(7000, "z".repeat(size)))
              .as("answer of %s after %d bytes, attempt %d", application, size, i)
              .hasSize(size + 1);
        }
      }
    }
  }

  /** Sends back what it gets, and one byte more once that has ended. */
  private static Origin echo(Pod pod) {
    return new Origin(
        new InetSocketAddress(pod.application(), LiveProxy.TARGET_PORTS[0]), Peer::echo);
  }
}
