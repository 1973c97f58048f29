package dev.weft.ca;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged requests for certificates. */
class HostileRequestTest {
  @Test
  void a_request_is_taken_or_refused() {
    Corpus.of("request")
        .torture(
            1_500,
            Set.of(IllegalArgumentException.class),
            input ->
                assertThat(CertificateRequest.parse(new String(input, ISO_8859_1)).publicKey())
                    .isNotNull());
  }
}
