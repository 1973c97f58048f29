package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference pages name what users meet: no name in the sources is left out, none is made up.
 */
class NamesInSourcesTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path PAGES = ROOT.resolve("docs/reference");

  /** An annotation or label. One that ends in a slash or a hyphen is what some names begin with. */
  private static final Pattern KEY =
      Pattern.compile(
          "\"((?!istio\\.io/ca-root\")(?:[a-z0-9.-]+\\.)?(?:istio\\.io|weft\\.dev|alibabacloud\\.com)/[A-Za-z._-]+"
              + "|[a-z.]+\\.istio\\.io/"
              + "|topology\\.kubernetes\\.io/[a-z]+"
              + "|istio-injection|istio-locality|istio/multiCluster)\"");

  /** What looks like a key and is a type of resource. */
  private static final Set<String> NO_KEYS = Set.of("istio.io/debug");

  private static final Pattern CODE =
      Pattern.compile("(?:error|warning|note)\\(\\s*\"([a-z]+(?:-[a-z]+)+)\"");

  private static final Pattern NAMED_CODE =
      Pattern.compile("\\b(?:error|warning|note)\\(\\s*([A-Z][A-Z_]+)\\b");

  private static final Pattern CONSTANT =
      Pattern.compile("static final String ([A-Z_]+) = \"([A-Za-z0-9-]+)\"");

  /** The first cell of a row, which may hold several names. */
  private static final Pattern CELL = Pattern.compile("^\\| (`[^|]+) \\|", Pattern.MULTILINE);

  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  @Test
  void annotations_and_labels_are_in_the_reference() throws IOException {
    Set<String> documented = documented("annotations.md");
    Set<String> used =
        found(
            text -> matches(KEY, text),
            "model",
            "control",
            "proxy",
            "tools/install",
            "tools/cli",
            "cluster",
            "foundation");
    used.removeAll(NO_KEYS);
    assertThat(documented).containsAll(used.stream().filter(name -> !begins(name)).toList());
    assertThat(documented)
        .allSatisfy(
            name ->
                assertThat(used)
                    .anyMatch(
                        known -> name.equals(known) || begins(known) && name.startsWith(known)));
  }

  @Test
  void findings_are_in_the_reference() throws IOException {
    assertThat(documented("diagnostics.md"))
        .containsExactlyInAnyOrderElementsOf(
            found(NamesInSourcesTest::codes, "model", "control", "tools/cli"));
  }

  private static boolean begins(String name) {
    return name.endsWith("/") || name.endsWith("-");
  }

  /** The codes of findings in a source file: words, constants of the file, and the list of all. */
  private static Stream<String> codes(String text) {
    if (text.contains("final class FindingCode ")) {
      return CONSTANT.matcher(text).results().map(constant -> constant.group(2));
    }
    return Stream.concat(
        matches(CODE, text),
        matches(NAMED_CODE, text).map(name -> constant(text, name)).flatMap(Optional::stream));
  }

  private static Optional<String> constant(String text, String name) {
    return CONSTANT
        .matcher(text)
        .results()
        .filter(constant -> constant.group(1).equals(name))
        .map(constant -> constant.group(2))
        .findFirst();
  }

  private static Set<String> documented(String page) throws IOException {
    return matches(CELL, Files.readString(PAGES.resolve(page)))
        .flatMap(cell -> matches(QUOTED, cell))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> found(Function<String, Stream<String>> what, String... folders)
      throws IOException {
    Set<String> names = new TreeSet<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> file.toString().contains("/src/main/"))
            .flatMap(file -> what.apply(read(file)))
            .forEach(names::add);
      }
    }
    return names;
  }

  private static Stream<String> matches(Pattern what, String text) {
    return what.matcher(text).results().map(found -> found.group(1));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
