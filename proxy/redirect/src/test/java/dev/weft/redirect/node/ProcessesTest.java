package dev.weft.redirect.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessesTest {
  private static final String UID = "0d5b6d2e-1c3f-4a52-9e0b-5f2f0c6a7b81";

  @TempDir Path proc = Path.of(".");

  private void process(int number, String controlGroups, String... command) throws IOException {
    Path directory = Files.createDirectories(proc.resolve(Integer.toString(number)));
    Files.writeString(directory.resolve("cgroup"), controlGroups);
    Files.writeString(directory.resolve("cmdline"), String.join("\0", command) + "\0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/kubepods/burstable/pod" + UID + "/8f3a",
        "0::/../../kubepods/pod" + UID + "/8f3a",
        "12:pids:/kubepods/besteffort/pod" + UID + "/8f3a\n11:memory:/x",
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
            + "0d5b6d2e_1c3f_4a52_9e0b_5f2f0c6a7b81.slice/cri-containerd-8f3a.scope"
      })
  void a_control_group_names_the_pod_whoever_manages_it(String controlGroups) {
    assertThat(Processes.podOf(controlGroups)).contains(UID);
  }

  @Test
  void a_process_of_the_node_is_in_no_pod() {
    assertThat(Processes.podOf("0::/system.slice/kubelet.service")).isEmpty();
  }

  @Test
  void the_first_process_of_a_pod_that_waits_stands_for_it() throws IOException {
    String pod = "0::/kubepods/pod" + UID + "/8f3a";
    process(41, pod, "/bin/bash", "weft", "istio-iptables", "--run-validation", "-p", "1");
    process(40, pod, "java", "istio-iptables", "--run-validation");
    process(39, pod, "/pause");
    process(12, "0::/user.slice", "weft", "--run-validation");
    Files.createDirectories(proc.resolve("sys"));
    assertThat(new Processes(proc).waiting()).isEqualTo(Map.of(UID, 40L));
  }

  @Test
  void a_process_that_has_ended_is_in_no_pod() {
    assertThat(new Processes(proc).pod(7)).isEmpty();
  }
}
