package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation says of each message of Istio what the code says. */
class IstioCodeTest {
  private static final Path PAGE = Path.of("../../docs/analyze.md");
  private static final String BEGIN = "| Istio's code | message | found | |\n|---|---|---|---|\n";
  private static final String END = "\n## ";

  /** Run with {@code -Dgolden.update=true} after a change of the codes. */
  @Test
  void the_table_in_the_documentation_is_made_of_the_codes() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END, begin);
    assertThat(begin).as("the head of the table in %s", PAGE).isGreaterThan(BEGIN.length());
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end)).isEqualTo(table());
  }

  private static String table() {
    return Stream.of(IstioCode.values())
        .map(
            c ->
                "| "
                    + c.name()
                    + " | "
                    + c.title()
                    + " | "
                    + switch (c.answer()) {
                      case FOUND -> "yes";
                      case OTHERWISE -> "otherwise";
                      case NOT -> "no";
                    }
                    + " | "
                    + c.words()
                    + " |\n")
        .collect(Collectors.joining());
  }

  @Test
  void a_finding_has_istios_name_where_istio_knows_it_and_one_of_ours_otherwise() {
    assertThat(FindingType.of("IST0173"))
        .isEqualTo(
            new FindingType(
                "IST0173",
                "DestinationRuleSubsetNotSelectPods",
                Optional.of("https://istio.io/latest/docs/reference/config/analysis/ist0173/")));
    assertThat(FindingType.of("ejection-cap"))
        .isEqualTo(new FindingType("ejection-cap", "EjectionCap", Optional.empty()));
  }
}
