package dev.weft.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import java.io.ByteArrayInputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged answers of Prometheus. */
class HostileAnswerTest {
  @Test
  void an_answer_is_read_or_refused() {
    Corpus.of("answer")
        .torture(
            Set.of(PrometheusException.class),
            input ->
                assertThat(
                        AnswerReader.read(
                            new ByteArrayInputStream(input),
                            (labels, seconds, value) -> assertThat(labels).isNotNull(),
                            new Room(100)))
                    .isNotNull());
  }
}
