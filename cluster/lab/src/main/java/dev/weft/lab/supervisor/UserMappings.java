package dev.weft.lab.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The file in which users map image names to commands: {@code PATTERN -- COMMAND} per line. */
final class UserMappings {
  private UserMappings() {}

  /** A mapping of the same pattern is replaced. */
  static void add(Path file, String pattern, List<String> command) throws IOException {
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      lines.addAll(Files.readAllLines(file));
    }
    lines.removeIf(line -> line.strip().startsWith(pattern + " -- "));
    lines.add(
        pattern
            + " -- "
            + command.stream()
                .map(word -> "'" + word.replace("'", "'\"'\"'") + "'")
                .collect(Collectors.joining(" ")));
    LabDirectory.write(file, String.join("\n", lines) + "\n");
  }
}
