package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.config.ControlIdentity;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import dev.weft.testkit.SimulatedClock;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaCountsTest {
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases";
  private static final String GONE = "weft-control.gone";
  private static final ClusterId WEST = new ClusterId("west");

  private record Count(int own, int elsewhere, int others) {}

  @TempDir Path directory;
  private final SimulatedClock clock = new SimulatedClock();
  private final BlockingQueue<Count> told = new LinkedBlockingQueue<>();

  @Test
  void a_replica_that_says_nothing_more_counts_no_more_after_a_while() throws Exception {
    try (ApiServer server =
        ApiServer.open(
            new ApiServerSettings("mesh", directory, 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            })) {
      server.start();
      try (KubernetesClient client =
          Kubeconfigs.client(server.kubeconfig("test", "https://127.0.0.1:" + server.port()))) {
        KubeApi api = new KubeApi(client);
        leaseOfAnother(api);
        try (ReplicaCounts counts =
            new ReplicaCounts(
                api,
                ControlIdentity.hosted("istio-system"),
                "here",
                () -> Map.of("west", 1),
                (own, elsewhere, others) -> told.add(new Count(own, elsewhere, others)),
                clock)) {
          counts.start();
          assertThat(told.take()).isEqualTo(new Count(1, 3, 1));
          assertThat(counts.of(WEST)).isEqualTo(4);
          clock.passUntil(
              "it counts no more", Duration.ofMillis(500), () -> told.contains(new Count(1, 0, 0)));
          assertThat(Duration.ofNanos(clock.nanos())).isGreaterThan(Duration.ofSeconds(15));
          assertThat(counts.of(WEST)).isEqualTo(1);
          assertThat(api.get(LEASES + "/" + GONE)).isEmpty();
        }
      }
    }
  }

  private static void leaseOfAnother(KubeApi api) throws IOException {
    assertThat(
            List.of(
                api.create(
                    "/api/v1/namespaces", Map.of("metadata", Map.of("name", "istio-system"))),
                api.create(
                    LEASES,
                    Map.of(
                        "metadata",
                        Map.of(
                            "name",
                            GONE,
                            "labels",
                            Map.of("mesh.weft.dev/replica-of", "weft-control"),
                            "annotations",
                            Map.of("mesh.weft.dev/proxies", "west=3")),
                        "spec",
                        Map.of("holderIdentity", "gone")))))
        .hasSize(2);
  }
}
