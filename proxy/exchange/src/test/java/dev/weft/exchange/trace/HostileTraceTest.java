package dev.weft.exchange.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Damaged headers of traces. */
class HostileTraceTest {
  @Test
  void a_trace_is_gone_on_with_or_begun_anew() {
    Corpus.of("traces")
        .torture(
            Set.of(),
            input -> {
              Map<String, String> headers = new TreeMap<>();
              for (String line : new String(input, ISO_8859_1).split("\n", -1)) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                  headers.put(
                      line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
                }
              }
              for (Propagation propagation : Propagation.values()) {
                assertThat(propagation.read(new Headers(headers))).isNotNull();
              }
            });
  }
}
