package dev.weft.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests wait for what happens; the limit is for what never does, and machines are slow and busy. So
 * a limit in seconds is a minute or more. Looks that are repeated until something is there are
 * shorter and count in milliseconds.
 */
class PatienceTest {
  private static final Pattern LIMIT =
      Pattern.compile(
          "(?:poll|await|get|waitFor|awaitTermination|withDeadlineAfter)"
              + "\\(([0-9_]+), (?:java\\.util\\.concurrent\\.)?TimeUnit\\.SECONDS"
              + "|(?<!MILLI|NANO|MICRO)SECONDS\\.toNanos\\(([0-9_]+)\\)"
              + "|@Timeout\\(([0-9_]+)\\)"
              + "|awaitReady\\(Duration\\.ofSeconds\\(([0-9_]+)\\)");
  private static final Pattern READ_LIMIT = Pattern.compile("setSoTimeout\\(([0-9_]+)\\)");

  @Test
  void limits_of_waiting_are_long() throws IOException {
    List<String> hasty = new ArrayList<>();
    for (Path test : tests()) {
      String text = Files.readString(test);
      collect(test, LIMIT.matcher(text), 60, hasty);
      collect(test, READ_LIMIT.matcher(text), 60_000, hasty);
    }

    assertThat(tests()).hasSizeGreaterThan(100);
    assertThat(hasty).isEmpty();
  }

  private static void collect(Path test, Matcher found, int least, List<String> hasty) {
    while (found.find()) {
      for (int group = 1; group <= found.groupCount(); group++) {
        String number = found.group(group);
        if (number != null && Integer.parseInt(number.replace("_", "")) < least) {
          hasty.add(test.getFileName() + ": " + found.group());
        }
      }
    }
  }

  private static List<Path> tests() throws IOException {
    List<Path> tests = new ArrayList<>();
    try (DirectoryStream<Path> areas = Files.newDirectoryStream(Path.of("../.."))) {
      for (Path area : areas) {
        if (Files.isDirectory(area)) {
          collect(area, tests);
        }
      }
    }
    return tests;
  }

  private static void collect(Path area, List<Path> tests) throws IOException {
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(area)) {
      for (Path module : modules) {
        Path sources = module.resolve("src/test/java");
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(tests::add);
          }
        }
      }
    }
  }
}
