package dev.weft.lab.container;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.PodBackend.AttachRequest;
import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Input;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What real containers say and hear, for those who come later. */
class ContainerAttachTest extends ContainersInPod {
  @Test
  void who_attaches_hears_what_is_said_and_is_heard() throws Exception {
    Container container = start(spec("cat; echo end >&2").reading(Input.ONCE).build());
    Exec listener = container.attach(new AttachRequest(false, false));
    Exec speaker = container.attach(new AttachRequest(true, false));

    speaker.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(listener.stdout().readNBytes(6), StandardCharsets.UTF_8))
        .isEqualTo("hello\n");
    speaker.close();

    assertThat(text(listener.stderr())).isEqualTo("end\n");
    assertThat(text(listener.stdout())).isEmpty();
    assertThat(listener.exitCode()).isZero();
    assertThat(container.exit().get(10, SECONDS)).isZero();
  }

  @Test
  void who_goes_leaves_the_container_running() throws Exception {
    Container container = start(spec("cat").reading(Input.OPEN).build());
    try (Exec first = container.attach(new AttachRequest(true, true))) {
      first.stdin().close();
      assertThat(first.stderr().readAllBytes()).isEmpty();
    }

    Exec second = container.attach(new AttachRequest(true, true));
    second.stdin().write("still\n".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(second.stdout().readNBytes(6), StandardCharsets.UTF_8))
        .isEqualTo("still\n");
    second.close();
    assertThat(second.stdout().readAllBytes()).isEmpty();
    assertThat(container.running()).isTrue();
  }
}
