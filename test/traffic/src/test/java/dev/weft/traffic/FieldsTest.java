package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.schema.SchemaCheck;
import dev.weft.traffic.FieldCase.Kind;
import dev.weft.traffic.FieldCase.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every field of the kinds that people write is carried out, or they are told by name that it is
 * not. Each has a file in {@code src/test/fields}; the table in the documentation is made of them.
 */
class FieldsTest {
  private static final Path FILES = Path.of("src/test/fields");
  private static final Path PAGE = Path.of("../../docs/support.md");
  private static final String BEGIN = "| field | carried out | |\n|---|---|---|\n";
  private static final String END = "\n## ";

  @TempDir private static Path folder;

  private static FieldWorld world;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<Kind, SortedMap<String, List<FieldCase>>> CASES =
      new EnumMap<>(Kind.class);

  @BeforeAll
  static void start() throws IOException {
    world = new FieldWorld(folder);
    for (Kind kind : Kind.values()) {
      SortedMap<String, List<FieldCase>> cases = new TreeMap<>();
      try (Stream<Path> files = Files.list(FILES.resolve(kind.folder))) {
        for (Path file : files.toList()) {
          List<FieldCase> read = FieldCase.read(kind, file, world.values());
          cases.put(read.getFirst().field(), read);
        }
      }
      CASES.put(kind, cases);
    }
  }

  @AfterAll
  static void end() {
    world.close();
  }

  private static SortedMap<String, List<FieldCase>> cases(Kind kind) {
    SortedMap<String, List<FieldCase>> cases = CASES.get(kind);
    return cases == null ? new TreeMap<>() : cases;
  }

  @TestFactory
  Stream<DynamicTest> every_field_has_a_case() {
    return Stream.of(Kind.values())
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.kind(),
                    () ->
                        assertThat(cases(kind).keySet())
                            .containsExactlyInAnyOrderElementsOf(FieldPaths.of(kind.crd()))));
  }

  /** What people write by Istio's documentation is let through by the definition. */
  @TestFactory
  Stream<DynamicNode> what_is_not_refused_is_as_the_definition_says() {
    SchemaCheck check = new SchemaCheck();
    return Stream.of(Kind.values())
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.kind(),
                    () -> {
                      List<FieldError> errors = new ArrayList<>();
                      for (List<FieldCase> all : cases(kind).values()) {
                        for (FieldCase c : all) {
                          if (c.refuses().isEmpty()) {
                            check.check(
                                c.field() + ": spec",
                                JSON.valueToTree(c.object().get("spec")),
                                FieldPaths.schema(kind.crd()),
                                errors);
                          }
                        }
                      }
                      assertThat(errors).isEmpty();
                    }));
  }

  /** What an API server does not let through would be read in vain. */
  @TestFactory
  Stream<DynamicTest> what_a_parser_asks_for_is_in_the_definition() {
    return Stream.of(Kind.values())
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.kind(),
                    () -> {
                      Set<String> asked = new TreeSet<>();
                      cases(kind)
                          .values()
                          .forEach(all -> all.forEach(c -> asked.addAll(c.asked())));
                      asked.removeIf(path -> FieldPaths.has(kind.crd(), path));
                      assertThat(asked).as("asked for in vain").isEmpty();
                    }));
  }

  @TestFactory
  Stream<DynamicNode> every_field_is_carried_out_or_named() {
    FieldChain chain = new FieldChain(world);
    return Stream.of(Kind.values())
        .map(
            kind ->
                DynamicContainer.dynamicContainer(
                    kind.kind(),
                    cases(kind).values().stream()
                        .flatMap(List::stream)
                        .flatMap(
                            written ->
                                FieldPlaces.of(written).entrySet().stream()
                                    .map(
                                        place ->
                                            DynamicTest.dynamicTest(
                                                written.field() + ", " + place.getKey(),
                                                () -> chain.run(place.getValue()))))));
  }

  /** Run with {@code -Dgolden.update=true} after a change of the cases. */
  @Test
  void the_tables_in_the_documentation_are_made_of_the_cases() throws IOException {
    String page = Files.readString(PAGE);
    String made = page;
    for (Kind kind : Kind.values()) {
      int heading = made.indexOf("\n## " + kind.kind() + "\n");
      assertThat(heading).as("the heading of %s in %s", kind.kind(), PAGE).isNotNegative();
      int begin = made.indexOf(BEGIN, heading) + BEGIN.length();
      int end = made.indexOf(END, begin);
      made = made.substring(0, begin) + table(kind) + (end < 0 ? "" : made.substring(end));
    }
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, made);
      return;
    }
    assertThat(page).isEqualTo(made);
  }

  private static String table(Kind kind) {
    StringBuilder table = new StringBuilder();
    cases(kind)
        .forEach(
            (field, all) -> {
              Set<Verdict> verdicts = new TreeSet<>();
              all.forEach(c -> verdicts.add(c.verdict()));
              table
                  .append("| `")
                  .append(field)
                  .append("` | ")
                  .append(
                      verdicts.size() > 1
                          ? "in part, and said so"
                          : verdicts.iterator().next().words)
                  .append(" | ")
                  .append(all.getFirst().note())
                  .append(" |\n");
            });
    return table.toString();
  }
}
