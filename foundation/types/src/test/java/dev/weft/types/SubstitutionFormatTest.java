package dev.weft.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubstitutionFormatTest {
  @Test
  void operators_without_a_value_are_named_once() {
    assertThat(
            SubstitutionFormat.parse(
                    "%HOSTNAME% %REQ(x)% %ENVIRONMENT(A)% %HOSTNAME% %DYNAMIC_METADATA(a:b)%")
                .withoutValue())
        .containsExactly("HOSTNAME", "ENVIRONMENT");
    assertThat(SubstitutionFormat.operators()).contains("REQ", "START_TIME", "TRAILER");
  }
}
