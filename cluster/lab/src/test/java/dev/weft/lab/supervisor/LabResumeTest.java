package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.lab.object.Directories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A start that does not succeed at once, and options that are other than before. */
final class LabResumeTest {
  private final List<String> progress = new ArrayList<>();
  private Path home;
  private LabCommands lab;

  @BeforeEach
  void a_lab_that_is_not_up() throws Exception {
    assumeTrue(Preconditions.ofHost(System.getenv()).missing().isEmpty(), "no lab on this machine");
    home = Files.createTempDirectory("lab");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("WEFT_HOME", home.toString());
    lab = new LabCommands("resume-test", environment);
  }

  @AfterEach
  void take_down() throws Exception {
    if (lab != null) {
      lab.reset(progress::add);
      Directories.delete(home);
    }
  }

  private LabStatus up(int clusters, boolean isolated) throws Exception {
    return lab.up(
        new LabOptions(
            clusters, isolated, Model.NONE, "all", List.of("weft"), LabDriver.classes(), List.of()),
        progress::add);
  }

  @Test
  void a_start_that_failed_keeps_what_is_up_and_the_next_one_goes_on_from_it() throws Exception {
    Path inTheWay = lab.directory().apiServer("cluster2");
    Files.createDirectories(inTheWay.getParent());
    Files.writeString(inTheWay, "not a directory");

    assertThatThrownBy(() -> up(2, true))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("cluster2: ")
        .hasMessageContaining("weft lab up");
    LabStatus failed = lab.status();
    assertThat(failed.phase()).isEqualTo("failed");
    assertThat(failed.members()).extracting(LabStatus.Member::name).containsExactly("cluster1");

    Files.delete(inTheWay);
    LabStatus ready = up(2, true);

    assertThat(ready.phase()).isEqualTo("ready");
    assertThat(ready.pid()).isEqualTo(failed.pid());
    assertThat(ready.members()).extracting(LabStatus.Member::name).hasSize(2);

    assertThatThrownBy(() -> up(3, true)).hasMessageContaining("runs with 2 clusters, not 3");
    lab.down(progress::add);
    assertThatThrownBy(() -> up(2, false)).hasMessageContaining("was made with --network isolated");
    assertThat(up(1, true).members()).hasSize(1);
  }
}
