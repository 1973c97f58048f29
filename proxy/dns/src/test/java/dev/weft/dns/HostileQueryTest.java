package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demand.Demands;
import dev.weft.runtime.NameTable;
import dev.weft.testkit.Corpus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged queries are answered, passed on or dropped. */
class HostileQueryTest {
  private static final int LARGEST_UDP = 4_096;

  private final DnsAnswerer answerer =
      new DnsAnswerer(
          new MeshNames(
              new NameTable(
                  Map.of(
                      "httpbin.default.svc.cluster.local",
                      new NameTable.Entry(List.of("240.240.0.1"), "httpbin", "default"),
                      "*.wild.example",
                      new NameTable.Entry(List.of("240.240.0.4"), "", "")),
                  true),
              "default.svc.cluster.local",
              List.of("default.svc.cluster.local", "svc.cluster.local")),
          Demands.none(),
          new SplittableRandom(1));

  @Test
  void whatever_comes_is_decided_about() {
    Corpus.of("query")
        .torture(
            Set.of(),
            query -> {
              for (boolean udp : new boolean[] {true, false}) {
                if (answerer.decide(query, udp, true)
                    instanceof DnsAnswerer.Decision.Answer(byte[] message)) {
                  assertThat(message).hasSizeBetween(12, udp ? LARGEST_UDP : 65_535);
                  assertThat(message).startsWith(query[0], query[1]);
                }
              }
            });
  }
}
