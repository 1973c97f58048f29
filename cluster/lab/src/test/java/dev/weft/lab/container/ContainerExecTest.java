package dev.weft.lab.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.lab.container.ContainerRuntime.Container;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Commands inside real containers, and what is typed into them. */
class ContainerExecTest extends ContainersInPod {
  @Test
  void exec_shares_the_container_and_has_three_streams() throws Exception {
    Container container =
        start(spec("exec sleep 1000").environment("COLOR", "blue").user(1337, 1337).build());
    try (Exec exec =
        container.exec(
            request(
                true,
                false,
                "sh",
                "-c",
                "cat; id -u; echo $COLOR; ls -d /proc/1; echo e >&2; exit 5"))) {
      exec.stdin().write("typed\n".getBytes(StandardCharsets.UTF_8));
      exec.stdin().close();

      assertThat(text(exec.stdout())).isEqualTo("typed\n1337\nblue\n/proc/1\n");
      assertThat(text(exec.stderr())).isEqualTo("e\n");
      assertThat(exec.exitCode()).isEqualTo(5);
    }
    assertThat(code(container, "sh", "-c", "kill -TERM $$")).isEqualTo(128 + 15);
    assertThat(code(container, "no-such-program")).isEqualTo(127);
  }

  @Test
  void what_is_typed_reaches_the_command_at_once() throws Exception {
    Container container = start(spec("exec sleep 1000").build());
    try (Exec exec = container.exec(request(true, false, "cat"))) {
      exec.stdin().write('x');
      assertThat(exec.stdout().read()).isEqualTo('x');
    }
  }

  @Test
  void exec_is_killed_when_it_is_closed() throws Exception {
    Container container = start(spec("exec sleep 1000").build());
    Exec exec = container.exec(request(false, false, "sh", "-c", "echo $$; exec sleep 1002"));
    String pid = "";
    for (int c = exec.stdout().read(); c != '\n'; c = exec.stdout().read()) {
      pid += (char) c;
    }
    assertThat(code(container, "test", "-d", "/proc/" + pid)).isZero();
    exec.close();
    assertThat(exec.exitCode()).isEqualTo(128 + 9);
    while (code(container, "test", "-d", "/proc/" + pid) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_terminal_is_real() throws Exception {
    Container container = start(spec("exec sleep 1000").user(1337, 1337).build());
    try (Exec exec =
        container.exec(
            request(
                true,
                true,
                "sh",
                "-c",
                "tty; echo $TERM; read line; stty size; trap 'echo interrupted; exit 4' INT; echo go;"
                    + " : > /dev/tty; while :; do sleep 0.01; done"))) {
      exec.resize(132, 50);
      exec.stdin().write("typed\n".getBytes(StandardCharsets.UTF_8));
      InputStream out = exec.stdout();
      String until = "";
      while (!until.contains("go\r\n")) {
        until += (char) out.read();
      }
      assertThat(until).contains("/dev/pts/0\r\n", "xterm\r\n", "typed\r\n", "50 132\r\n");
      exec.stdin().write(3);

      assertThat(text(out)).contains("interrupted");
      assertThat(exec.exitCode()).isEqualTo(4);
    }
  }
}
