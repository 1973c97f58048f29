package dev.weft.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What this process is called among the replicas of a control plane. */
final class Replica {
  private static final String FILE = "replica";

  private Replica() {}

  /**
   * The name that was given, such as that of the pod; else one that is made up once and kept, so
   * that a process that comes back has its lease at once.
   *
   * @param given empty for none
   */
  static String name(String given, Path directory) throws IOException {
    if (!given.isEmpty()) {
      return given;
    }
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      String kept = Files.readString(file).strip();
      if (!kept.isEmpty()) {
        return kept;
      }
    }
    String made = "weft-control-" + UUID.randomUUID();
    Files.createDirectories(directory);
    Files.writeString(file, made + "\n");
    return made;
  }
}
