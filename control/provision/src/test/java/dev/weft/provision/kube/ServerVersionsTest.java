package dev.weft.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.server.ApiServer;
import dev.weft.discovery.KubeApi;
import dev.weft.types.ClusterId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"1, 29, 29", "1, 28+, 28", "1, 34-gke.1, 34", "2, 0, 2147483647"})
  void minor_versions_are_read_as_providers_write_them(String major, String minor, int number) {
    assertThat(ServerVersions.minor(Map.of("major", major, "minor", minor))).contains(number);
  }

  @Test
  void what_is_no_version_is_none() {
    assertThat(ServerVersions.minor(Map.of())).isEmpty();
    assertThat(ServerVersions.minor(Map.of("major", "1", "minor", ""))).isEmpty();
  }

  @Test
  void a_cluster_that_does_not_say_is_an_old_one_until_it_says() throws Exception {
    try (ApiServers servers = new ApiServers(directory)) {
      ApiServer server = servers.open("west");
      KubeApi api = servers.client(server);
      AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
      ServerVersions versions =
          new ServerVersions(
              id -> id.equals(new ClusterId("west")) ? Optional.of(api) : Optional.empty(),
              api,
              now::get);
      assertThat(versions.sidecarContainers("nowhere")).isFalse();
      server.stop();
      assertThat(versions.sidecarContainers("west")).isFalse();
      server.start();
      assertThat(versions.sidecarContainers("west")).isFalse();
      now.set(now.get().plus(Duration.ofMinutes(1)));
      assertThat(versions.sidecarContainers("west")).isTrue();
      server.stop();
      now.set(now.get().plus(Duration.ofHours(1)));
      assertThat(versions.sidecarContainers("west")).isTrue();
    }
  }
}
