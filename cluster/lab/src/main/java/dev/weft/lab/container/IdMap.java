package dev.weft.lab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which user or group ids exist here. Source of the format: user_namespaces(7). */
record IdMap(List<Range> ranges) {
  private static final long ALL = 0xffff_ffffL;

  /** Ids from first on. */
  record Range(long first, long count) {}

  static IdMap users() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/uid_map")));
  }

  static IdMap groups() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/gid_map")));
  }

  /**
   * @param lines first id inside, first id outside, how many
   */
  static IdMap parse(List<String> lines) {
    List<Range> ranges = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.strip().split(" +");
      ranges.add(new Range(Long.parseLong(fields[0]), Long.parseLong(fields[2])));
    }
    return new IdMap(List.copyOf(ranges));
  }

  boolean has(int id) {
    return ranges.stream()
        .anyMatch(range -> id >= range.first() && id < range.first() + range.count());
  }

  /** Whether this is no user namespace but the machine itself. */
  boolean complete() {
    return ranges.equals(List.of(new Range(0, ALL)));
  }
}
