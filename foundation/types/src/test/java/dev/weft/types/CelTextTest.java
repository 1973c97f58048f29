package dev.weft.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CelTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "gold", "it's", "a \"b\"", "{x}"})
  void what_is_written_is_read_again(String text) {
    assertThat(CelText.read(CelText.write(text))).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'", "gold", "'a' + 'b'", "'a\\n'", "'a\"", "request.host", "7"})
  void other_expressions_are_no_texts(String expression) {
    assertThat(CelText.read(expression)).isEmpty();
  }

  @Test
  void what_would_need_an_escape_is_not_written() {
    assertThatIllegalArgumentException().isThrownBy(() -> CelText.write("'\""));
    assertThatIllegalArgumentException().isThrownBy(() -> CelText.write("a\\b"));
  }
}
