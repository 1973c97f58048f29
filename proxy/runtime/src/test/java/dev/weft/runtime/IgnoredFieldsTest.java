package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.xds.client.Ignored;
import dev.weft.xds.client.ProtoSchema;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is taken and not acted on has a reason, and stands on a page for people. */
class IgnoredFieldsTest {
  private static final Path PAGE = Path.of("../../docs/reference/xds.md");
  private static final String BEGIN = "\n## ";
  private static final String HEAD = "| field | why it changes nothing |\n|---|---|\n";

  private static Map<String, Class<?>> parts() {
    Map<String, Class<?>> parts = new LinkedHashMap<>();
    parts.put("Listeners", IgnoredInListeners.class);
    parts.put("Routes", IgnoredInRoutes.class);
    parts.put("Who may come in", IgnoredInAccess.class);
    parts.put("Clusters, endpoints and secrets", IgnoredInClusters.class);
    return parts;
  }

  private static List<Ignored> of(Class<?> part) {
    List<Ignored> all = new ArrayList<>();
    for (Field field : part.getDeclaredFields()) {
      if (Ignored.class.isAssignableFrom(field.getType())) {
        try {
          all.add((Ignored) field.get(null));
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return all;
  }

  @Test
  void every_field_that_is_ignored_is_one_of_the_published_api() {
    for (Class<?> part : parts().values()) {
      for (Ignored ignored : of(part)) {
        if (ignored instanceof Ignored.Fields some) {
          assertThat(some.fields())
              .as(some.message())
              .isNotEmpty()
              .allSatisfy(f -> assertThat(name(some, f)).doesNotStartWith("#"));
        }
      }
    }
  }

  /** Run with {@code -Dgolden.update=true} after a change of the lists. */
  @Test
  void the_page_is_made_of_the_lists() throws IOException {
    String page = Files.readString(PAGE);
    String made = page.substring(0, page.indexOf(BEGIN)) + tables();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, made);
      return;
    }
    assertThat(page).isEqualTo(made);
  }

  private static String tables() {
    StringBuilder tables = new StringBuilder();
    parts()
        .forEach(
            (name, part) -> {
              tables.append(BEGIN).append(name).append("\n\n").append(HEAD);
              of(part).forEach(ignored -> rows(tables, ignored));
            });
    return tables.toString();
  }

  private static void rows(StringBuilder table, Ignored ignored) {
    switch (ignored) {
      case Ignored.Whole whole -> row(table, whole.message(), whole.reason());
      case Ignored.Fields some ->
          some.fields().forEach(f -> row(table, some.message() + "." + name(some, f), f.reason()));
    }
  }

  private static String name(Ignored.Fields some, Ignored.Field field) {
    return ProtoSchema.fieldName(some.message(), "", field.number());
  }

  private static void row(StringBuilder table, String field, String reason) {
    table.append("| `").append(field).append("` | ").append(reason).append(" |\n");
  }
}
