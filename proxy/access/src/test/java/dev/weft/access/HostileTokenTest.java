package dev.weft.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged tokens and keys. */
class HostileTokenTest {
  @Test
  void a_token_is_read_or_refused() {
    Corpus.of("jwt")
        .torture(
            Set.of(BadTokenException.class),
            input -> assertThat(Jwt.parse(new String(input, ISO_8859_1))).isNotNull());
  }

  @Test
  void of_a_set_of_keys_those_are_taken_that_can_be_read() {
    Corpus.of("jwks")
        .torture(
            Set.of(IllegalArgumentException.class),
            input -> assertThat(JwtKey.set(new String(input, UTF_8))).isNotNull());
  }
}
