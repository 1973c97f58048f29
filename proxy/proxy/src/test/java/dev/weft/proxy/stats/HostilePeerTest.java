package dev.weft.proxy.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What peers say of themselves, damaged. */
class HostilePeerTest {
  @Test
  void nonsense_is_an_unknown_peer() {
    Corpus.of("peer-metadata")
        .torture(
            Set.of(),
            input -> {
              String text = new String(input, ISO_8859_1);
              assertThat(Peer.ofMetadata(text)).isNotNull();
              assertThat(Peer.ofEndpoint(text)).isNotNull();
            });
  }
}
