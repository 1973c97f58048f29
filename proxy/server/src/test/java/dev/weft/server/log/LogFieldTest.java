package dev.weft.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.LogFormat;
import dev.weft.server.log.LogField.Kind;
import dev.weft.types.SubstitutionFormat;
import org.junit.jupiter.api.Test;

class LogFieldTest {
  @Test
  void every_operator_that_is_taken_is_written_or_said_to_be_empty() {
    assertThat(SubstitutionFormat.operators())
        .allSatisfy(
            name ->
                assertThat(
                        LogField.of(new LogFormat.Operator(name, "", null, 0)).kind() == Kind.UNSET)
                    .as(name)
                    .isEqualTo(SubstitutionFormat.isEmpty(name)));
  }
}
