package dev.weft.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a JVM writes with {@code -Xlog:gc}. */
record GcLog(Path file) {
  private static final Pattern PAUSE =
      Pattern.compile("Pause (\\w+).* \\d+M->(\\d+)M\\(\\d+M\\) ([0-9.]+)ms");

  /**
   * Collections.
   *
   * @param full those of the whole heap, among {@code count}
   * @param heapMegabytes used after the last; 0 without any
   */
  record Pauses(int count, int full, double longestMillis, double totalMillis, int heapMegabytes) {}

  /** How many lines there are, to be given to {@link #since}. */
  int lines() throws IOException {
    return read().size();
  }

  /** Those after the first lines. */
  Pauses since(int lines) throws IOException {
    int count = 0;
    int full = 0;
    double longest = 0;
    double total = 0;
    int heap = 0;
    for (String line : read().stream().skip(lines).toList()) {
      Matcher pause = PAUSE.matcher(line);
      if (pause.find()) {
        double millis = Double.parseDouble(pause.group(3));
        count++;
        full += pause.group(1).equals("Full") ? 1 : 0;
        longest = Math.max(longest, millis);
        total += millis;
        heap = Integer.parseInt(pause.group(2));
      }
    }
    return new Pauses(count, full, longest, total, heap);
  }

  private List<String> read() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
