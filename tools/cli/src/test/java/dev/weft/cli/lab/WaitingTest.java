package dev.weft.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class WaitingTest {
  private final StringWriter shown = new StringWriter();

  @Test
  void a_terminal_shows_what_is_awaited_in_a_line_that_is_written_over() {
    Waiting waiting = Waiting.on(new PrintWriter(shown), true);
    waiting.waiting("waits for pod a");
    waiting.waiting("waits for pod b");
    waiting.line("ready");

    assertThat(shown.toString())
        .isEqualTo(
            "\r\u001b[Kwaits for pod a (0 s)\r\u001b[Kwaits for pod b (0 s)\r\u001b[Kready\n");
  }

  @Test
  void a_file_gets_only_lines() {
    Waiting waiting = Waiting.on(new PrintWriter(shown), false);
    waiting.line("cluster1 is up");
    waiting.waiting("waits for pod a");
    waiting.line("ready");

    assertThat(shown.toString()).isEqualTo("cluster1 is up\nready\n");
  }
}
