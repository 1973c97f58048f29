package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a process with a small heap, and the collector that is shipped. */
class HeapRoomTest {
  private static final int PIECE = 16 * 1024;

  /** What was thrown away last; nothing reads it, but the compiler does not know. */
  @SuppressWarnings("UnusedVariable")
  private static volatile byte[] garbage = {};

  /** Holds so many megabytes, one number after the other, and says whether that is too much. */
  public static void main(String[] megabytes) {
    HeapRoom room = HeapRoom.ofProcess();
    List<byte[]> held = new ArrayList<>();
    for (String wanted : megabytes) {
      int pieces = Integer.parseInt(wanted) * 64;
      while (held.size() > pieces) {
        held.removeLast();
      }
      while (held.size() < pieces) {
        held.add(new byte[PIECE]);
        garbage = new byte[PIECE];
      }
      // Collections come by themselves, as they do between two snapshots.
      for (int i = 0; i < 20_000; i++) {
        garbage = new byte[PIECE];
      }
      System.out.println(room.getAsBoolean() ? "full" : "room");
    }
  }

  @Test
  void a_heap_is_full_when_collections_leave_it_so_and_until_they_do_not() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseG1GC",
                "-XX:G1HeapRegionSize=2m",
                "-XX:-G1UseAdaptiveIHOP",
                "-XX:InitiatingHeapOccupancyPercent=75",
                "-cp",
                System.getProperty("java.class.path"),
                HeapRoomTest.class.getName(),
                "10",
                "60",
                "118",
                "20")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(said.lines()).containsExactly("room", "room", "full", "room");
  }
}
