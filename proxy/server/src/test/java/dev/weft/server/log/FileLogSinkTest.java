package dev.weft.server.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogSinkTest {
  @TempDir Path directory = Path.of("");

  @Test
  void lines_are_appended_and_close_waits_for_them() throws IOException {
    Path file = directory.resolve("access.log");
    Files.writeString(file, "before\n");
    try (FileLogSink sink = FileLogSink.start()) {
      for (int i = 0; i < 100; i++) {
        byte[] line = (i + "\nand more").getBytes(US_ASCII);
        assertThat(sink.offer(file.toString(), line, line.length - "and more".length())).isTrue();
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(101).startsWith("before", "0").endsWith("99");
  }

  @Test
  void stalled_reader_costs_lines_and_not_memory() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(60, TimeUnit.SECONDS))
        .isTrue();
    // Opening the pipe blocks the writing thread until a reader comes, and none does.
    FileLogSink sink = FileLogSink.start();
    byte[] lines = new byte[1 << 20];
    int taken = 0;
    for (int i = 0; i < 20; i++) {
      taken += sink.offer(pipe.toString(), lines, lines.length) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(4);
    assertThat(sink.dropped()).isEqualTo(16L << 20);
    // Lets the thread go on and end.
    try (var reader = Files.newInputStream(pipe)) {
      assertThat(reader.readNBytes(1 << 20)).hasSize(1 << 20);
    }
    sink.close();
  }
}
