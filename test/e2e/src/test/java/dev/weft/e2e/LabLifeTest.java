package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lab comes, crashes, comes back and goes. */
class LabLifeTest {
  private final Lab lab = Lab.named("life");

  @BeforeEach
  void fresh() {
    lab.weft("lab", "reset");
  }

  @AfterEach
  void gone() {
    lab.weft("lab", "reset");
  }

  @Test
  void every_object_is_back_after_the_supervisor_was_killed_and_nothing_is_left_after_down()
      throws IOException {
    lab.up("--no-mesh").orFail();
    assertThat(lab.up("--no-mesh").orFail()).contains("is up already");
    lab.kubectl("cluster1", "create configmap kept --from-literal=a=1").orFail();
    new ClientAndServer(lab).deploy("cluster1", "httpbin");
    String objects = objects();

    kill(supervisors());
    assertThat(lab.kubectl("cluster1", "get configmap kept").exitCode()).isNotZero();
    lab.up("--no-mesh").orFail();
    assertThat(objects()).isEqualTo(objects);
    Settle.until(
        "the pod runs again",
        Duration.ofSeconds(30),
        () -> lab.kubectl("cluster1", "get pod -l app=httpbin").out(),
        out -> out.matches("(?s).*1/1\\s+Running.*"));

    // Down after a crash cleans up as well.
    kill(supervisors());
    assertThat(lab.namespaces()).isNotEmpty();
    lab.weft("lab", "down").orFail();
    assertThat(lab.namespaces()).isEmpty();
    assertThat(processes(lab.home().resolve("labs/life").toString())).isEmpty();
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(lab.home().toString());
    assertThat(Command.of("ip", "-o", "link").run().orFail()).doesNotContain("weft");
  }

  @Test
  void a_port_that_somebody_took_meanwhile_gives_way_to_another() throws IOException {
    lab.up("--no-mesh").orFail();
    URI before = server();
    lab.weft("lab", "down").orFail();
    try (ServerSocket somebody =
        new ServerSocket(before.getPort(), 1, InetAddress.getLoopbackAddress())) {
      lab.up("--no-mesh").orFail();
      assertThat(server().getPort()).isNotEqualTo(somebody.getLocalPort());
      assertThat(lab.kubectl("cluster1", "get nodes").orFail()).contains("Ready");
    }
  }

  private URI server() {
    return URI.create(
        lab.kubectl("cluster1", "config view --minify -o jsonpath={.clusters[0].cluster.server}")
            .orFail());
  }

  private String objects() {
    return lab.kubectl(
            "cluster1", "get configmap,service,deployment,serviceaccount,namespace -A -o name")
        .orFail();
  }

  private List<ProcessHandle> supervisors() throws IOException {
    List<ProcessHandle> found =
        processes(lab.home().resolve("labs/life").toString()).stream()
            .filter(p -> commandLine(p.pid()).contains("LabDaemon"))
            .toList();
    assertThat(found).hasSize(1);
    return found;
  }

  private static void kill(List<ProcessHandle> processes) {
    processes.forEach(
        p -> {
          p.destroyForcibly();
          p.onExit().join();
        });
  }

  private static List<ProcessHandle> processes(String mention) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(p -> p.pid() != ProcessHandle.current().pid())
          .filter(p -> commandLine(p.pid()).contains(mention))
          .toList();
    }
  }

  private static String commandLine(long pid) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
