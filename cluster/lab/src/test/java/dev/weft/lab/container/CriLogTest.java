package dev.weft.lab.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriLogTest {
  private static final String TIME = "2026-01-02T03:04:05.000000678Z";

  @TempDir Path directory = Path.of("");

  @Test
  void lines_have_time_stream_and_tag_and_long_ones_are_cut() throws IOException {
    String text = "one\n\n" + "x".repeat(20_000) + "\nlast without end";

    assertThat(copied(text, 1 << 20))
        .containsExactly(
            TIME + " stdout F one",
            TIME + " stdout F ",
            TIME + " stdout P " + "x".repeat(16 << 10),
            TIME + " stdout F " + "x".repeat(20_000 - (16 << 10)),
            TIME + " stdout F last without end");
  }

  @Test
  void a_full_file_is_put_aside_and_only_the_last_one_is_kept() throws IOException {
    String text = ("y".repeat(99) + "\n").repeat(1000);
    List<String> lines = copied(text, 30_000);

    assertThat(lines).hasSizeBetween(1, 300);
    assertThat(Files.size(directory.resolve("log"))).isLessThanOrEqualTo(30_000);
    assertThat(Files.size(directory.resolve("log.1"))).isBetween(1L, 30_000L);
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("log", "log.1");
  }

  private List<String> copied(String text, long limit) throws IOException {
    Clock clock = Clock.fixed(Instant.parse(TIME), ZoneOffset.UTC);
    Path file = directory.resolve("log");
    try (CriLog log = new CriLog(file, limit, clock)) {
      log.copy("stdout", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
    return Files.readAllLines(file);
  }
}
