package dev.weft.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of models and checks, as a Markdown document has it. */
final class Models {
  /** The row that differs from run to run. */
  static final String TIME = "up after";

  private final Map<String, Map<String, String>> columns = new LinkedHashMap<>();

  void put(String column, Map<String, String> cells) {
    columns.put(column, new LinkedHashMap<>(cells));
  }

  /** What the document says of a model, by check; empty where it has no such column. */
  static Map<String, String> documented(Path document, String column) {
    List<List<String>> rows;
    try {
      rows =
          Files.readAllLines(document).stream()
              .dropWhile(line -> !line.startsWith("|"))
              .takeWhile(line -> line.startsWith("|"))
              .map(Models::cells)
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> result = new LinkedHashMap<>();
    int at = rows.getFirst().indexOf(column);
    if (at > 0) {
      rows.stream()
          .skip(2)
          .filter(row -> !row.getFirst().equals(TIME))
          .forEach(row -> result.put(row.getFirst(), row.get(at)));
    }
    return result;
  }

  private static List<String> cells(String line) {
    return List.of(line.substring(1).split("\\|", -1)).stream().map(String::strip).toList();
  }

  /** In Markdown, all columns beside each other; empty where no model came as far. */
  String table() {
    if (columns.isEmpty()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    lines.add("| | " + String.join(" | ", columns.keySet()) + " |");
    lines.add("|---|" + "---|".repeat(columns.size()));
    for (String check : columns.values().iterator().next().keySet()) {
      StringBuilder line = new StringBuilder("| ").append(check).append(" |");
      columns.values().forEach(c -> line.append(' ').append(c.get(check)).append(" |"));
      lines.add(line.toString());
    }
    return String.join("\n", lines) + "\n";
  }
}
