package dev.weft.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.HttpPipeline.PathNormalization;
import dev.weft.runtime.HttpPipeline.PathNormalization.EscapedSlashes;
import dev.weft.testkit.Corpus;
import dev.weft.xds.client.FieldException;
import java.security.GeneralSecurityException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged certificates, keys and formats of the control plane, and damaged paths of clients. */
class HostileTextTest {
  private static final PathNormalization ALL =
      new PathNormalization(true, true, EscapedSlashes.UNESCAPE_AND_FORWARD);

  @Test
  void certificates_are_read_or_refused() {
    Corpus.of("pem")
        .torture(
            1_000,
            Set.of(GeneralSecurityException.class),
            input -> assertThat(Pem.certificates(new String(input, UTF_8))).isNotNull());
  }

  @Test
  void keys_are_read_or_refused() throws GeneralSecurityException {
    Corpus.made(
            "pem-key",
            PemKeys.pem("PRIVATE KEY", PemKeys.known().getEncoded()),
            PemKeys.sec1(PemKeys.known()))
        .torture(
            1_000,
            Set.of(IllegalArgumentException.class),
            input -> assertThat(Pem.key(input)).isNotNull());
  }

  @Test
  void a_clean_path_is_clean() {
    Corpus.of("path")
        .torture(
            Set.of(),
            input -> {
              String path = "/" + new String(input, ISO_8859_1);
              if (CleanPath.of(path, ALL) instanceof CleanPath.Changed(String clean)) {
                assertThat(clean).startsWith("/");
                assertThat(CleanPath.of(clean, ALL)).isNotInstanceOf(CleanPath.Redirected.class);
              }
            });
  }

  @Test
  void a_format_of_log_lines_is_read_or_refused() {
    Corpus.of("log-format")
        .torture(
            Set.of(IllegalArgumentException.class, FieldException.class),
            input -> assertThat(LogFormatParser.parse(new String(input, UTF_8))).isNotNull());
  }
}
