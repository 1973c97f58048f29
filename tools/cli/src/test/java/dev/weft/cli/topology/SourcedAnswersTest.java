package dev.weft.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.reach.ControlPlane.Answer;
import dev.weft.prometheus.Diagnosis;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourcedAnswersTest {
  @Test
  void what_proxies_told_several_control_planes_adds_up() throws Exception {
    List<Answer> answers = List.of(answer("a", "embedded", ""), answer("b", "embedded", ""));

    assertThat(SourcedAnswers.of(answers)).isEqualTo(answers);
    assertThat(SourcedAnswers.complaints(answers)).isEmpty();
    assertThat(SourcedAnswers.topology(answers.getFirst()).windowMillis()).isEqualTo(60_000);
  }

  @Test
  void what_prometheus_knows_is_heard_once() throws Exception {
    Answer one = answer("a", "prometheus", "c2: it cannot be reached");
    Answer other = answer("b", "prometheus", "c2: it cannot be reached");

    assertThat(SourcedAnswers.of(List.of(one, other))).containsExactly(one);
    assertThat(SourcedAnswers.complaints(List.of(one, other)))
        .containsExactly("c2: it cannot be reached");
  }

  @Test
  void a_diagnosis_is_a_table() {
    assertThat(
            TopologyCommand.table(
                new Diagnosis(
                    List.of(
                        new Diagnosis.Finding(
                            "ack-1",
                            Diagnosis.Check.SCRAPE_INTERVAL,
                            Diagnosis.Verdict.OK,
                            "it scrapes about every 15 s")))))
        .isEqualTo(
            """
            SERVER   CHECK             VERDICT   FOUND
            ack-1    scrape interval   ok        it scrapes about every 15 s
            """);
    assertThat(TopologyCommand.table(new Diagnosis(List.of())))
        .startsWith("No Prometheus is configured");
  }

  private static Answer answer(String istiod, String kind, String message) throws Exception {
    return new Answer(
        istiod,
        new ObjectMapper()
            .readTree(
                """
                {"windowMillis": 60000, "nodes": [], "edges": [],
                 "source": {"kind": "%s", "state": "ok", "message": "%s", "newest": ""}}
                """
                    .formatted(kind, message)));
  }
}
