package dev.weft.console.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {
  private static final String TWO =
      """
      # a comment
      apiVersion: v1
      kind: First
      metadata: {name: a, creationTimestamp: 2026-01-02T03:04:05Z}
      ---
      ---
      kind: Second
      spec:
        subsets:
          - name: v1
            labels:
              version: v1
          - name: v2
            labels: {version: "1.10", on: yes}
      """;

  @Test
  void documents_are_trees_of_what_json_has() throws Exception {
    List<YamlDocument> documents = YamlDocument.all(TWO);
    assertThat(documents).hasSize(2);
    assertThat(documents.getFirst().tree().get("metadata"))
        .isEqualTo(Map.of("name", "a", "creationTimestamp", "2026-01-02T03:04:05Z"));
    assertThat(documents.getLast().tree().toString()).contains("version=1.10, true=true");
  }

  @Test
  void a_path_leads_to_its_line_or_to_the_last_that_is_there() throws Exception {
    YamlDocument second = YamlDocument.all(TWO).getLast();
    assertThat(second.line("")).isEqualTo(7);
    assertThat(second.line("spec.subsets")).isEqualTo(9);
    assertThat(second.line("spec.subsets[1].labels")).isEqualTo(14);
    assertThat(second.line("spec.subsets[0].labels.version")).isEqualTo(12);
    assertThat(second.line("spec.subsets[0].trafficPolicy.tls")).isEqualTo(10);
    assertThat(second.line("spec.subsets[7]")).isEqualTo(9);
  }

  @Test
  void what_is_no_object_is_refused_with_its_line() {
    assertThatThrownBy(() -> YamlDocument.all("a: 1\nb: [1, 2\nc: 3\n"))
        .isInstanceOfSatisfying(
            MalformedYamlException.class, e -> assertThat(e.line()).isEqualTo(3));
    assertThatThrownBy(() -> YamlDocument.all("a: 1\na: 2\n"))
        .isInstanceOf(MalformedYamlException.class)
        .hasMessageContaining("duplicate key");
    assertThatThrownBy(() -> YamlDocument.all("- 1\n"))
        .isInstanceOf(MalformedYamlException.class)
        .hasMessageContaining("no object");
    assertThatThrownBy(() -> YamlDocument.all("a: !!javax.script.ScriptEngineManager []\n"))
        .isInstanceOf(MalformedYamlException.class);
  }

  @Test
  void a_text_that_grows_when_it_is_read_is_refused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> YamlDocument.all(bomb.toString()))
        .isInstanceOf(MalformedYamlException.class);
    assertThatThrownBy(() -> YamlDocument.all("[".repeat(10_000)))
        .isInstanceOf(MalformedYamlException.class);
  }

  @Test
  void what_is_written_reads_as_the_same() throws Exception {
    Map<String, Object> tree =
        Map.of("a", "yes", "b", "1.10", "c", List.of(Map.of("d", 1)), "e", true, "f", "x: y #z");
    assertThat(YamlDocument.all(YamlDocument.text(tree)).getFirst().tree()).isEqualTo(tree);
  }
}
