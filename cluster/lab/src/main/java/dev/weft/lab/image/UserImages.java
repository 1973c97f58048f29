package dev.weft.lab.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images that a user mapped to commands of the host: a file with a line {@code PATTERN -- COMMAND}
 * each; words may be in single or double quotes, # begins a comment line.
 */
record UserImages(Map<String, List<String>> commands) {
  private static final String SEPARATOR = " -- ";

  /** Read again for each look-up, so that a new line counts at once. A missing file has none. */
  static UserImages read(Path file) {
    try {
      return Files.exists(file)
          ? parse(file.toString(), Files.readAllLines(file))
          : new UserImages(Map.of());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the image mappings in " + file, e);
    }
  }

  static UserImages parse(String file, List<String> lines) {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines) {
      number++;
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        int separator = line.indexOf(SEPARATOR);
        List<String> words =
            separator < 0 ? List.of() : words(line.substring(separator + SEPARATOR.length()));
        if (words.isEmpty()) {
          throw new IllegalStateException(
              file + " line " + number + ": \"" + line + "\" is not PATTERN -- COMMAND");
        }
        commands.put(line.substring(0, separator).strip(), words);
      }
    }
    return new UserImages(commands);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (char c : text.toCharArray()) {
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == ' ' || c == '\t') {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
