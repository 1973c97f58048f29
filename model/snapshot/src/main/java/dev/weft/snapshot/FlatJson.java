package dev.weft.snapshot;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON objects of strings, such as labels in an annotation; labels need no escapes. */
final class FlatJson {
  private static final Pattern ENTRY =
      Pattern.compile("\\s*\"([^\"\\\\]*)\"\\s*:\\s*\"([^\"\\\\]*)\"\\s*(,|$)");

  private FlatJson() {}

  /** The entries; empty where the text is no such object. */
  static Optional<Map<String, String>> read(String text) {
    String object = text.strip();
    if (!object.startsWith("{") || !object.endsWith("}") || object.length() < 2) {
      return Optional.empty();
    }
    String entries = object.substring(1, object.length() - 1);
    Map<String, String> read = new TreeMap<>();
    if (entries.isBlank()) {
      return Optional.of(read);
    }
    Matcher entry = ENTRY.matcher(entries);
    int end = 0;
    boolean more = true;
    while (more && entry.find(end) && entry.start() == end) {
      read.put(entry.group(1), entry.group(2));
      end = entry.end();
      more = !entry.group(3).isEmpty();
    }
    return more || end != entries.length() ? Optional.empty() : Optional.of(read);
  }
}
