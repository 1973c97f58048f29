package dev.weft.exchange.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests tell of traces, in each format, and what becomes of it. */
class TracesTest {
  private static final Tracing.Zipkin ZIPKIN = new Tracing.Zipkin("c", "h", "/s", true);
  private static final Tracing.Zipkin SHORT = new Tracing.Zipkin("c", "h", "/s", false);
  private static final Tracing.Otlp OTLP =
      new Tracing.Otlp("c", "h", "", "", Duration.ofSeconds(1), Map.of());

  /** Of which the first digits are 0x4d2, one in ten thousand of which 12.34 % are. */
  private static final String ID = "000004d2-0000-4000-8000-000000000000";

  private static Tracing tracing(Tracing.Collector collector, int client, int random, int overall) {
    return new Tracing(
        new Tracing.Sampling(client, random, overall), true, true, 256, List.of(), collector);
  }

  private static Map<String, String> told(
      Tracing.Collector collector, String headers, TraceReason reason) {
    AtomicLong ids = new AtomicLong(0xa0);
    Propagation by = Propagation.of(collector);
    TraceContext context =
        TraceStart.context(collector, by.read(Headers.of(headers)), reason, ids::incrementAndGet);
    Map<String, String> out = new LinkedHashMap<>();
    if (context != null) {
      by.write(context, out::put);
    }
    return out;
  }

  private static final String A = "00000000000000a1";
  private static final String B = "00000000000000a2";
  private static final String C = "00000000000000a3";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Nothing, or only a decision: a new trace.
        "x | NOT_TRACED | a1a2 | a3 | | 0",
        "x | SAMPLED | a1a2 | a3 | | 1",
        "x-b3-sampled=0 | FORCED_BY_SERVICE | a1a2 | a3 | | 0",
        "x-b3-sampled=1 | NOT_TRACED | a1a2 | a3 | | 1",
        "x-b3-sampled=true | NOT_TRACED | a1a2 | a3 | | 1",
        "x-b3-sampled=d | SAMPLED | a1a2 | a3 | | 0",
        "b3=0 | SAMPLED | a1a2 | a3 | | 0",
        "b3=1 | NOT_TRACED | a1a2 | a3 | | 1",
        "b3=d | NOT_TRACED | a1a2 | a3 | | 1",
        // A trace of half the length, or of all of it.
        "x-b3-traceid=17 x-b3-spanid=2 | SAMPLED | 17 | a1 | 2 | 1",
        "x-b3-traceid=17 x-b3-spanid=2 | NOT_TRACED | 17 | a1 | 2 | 0",
        "x-b3-traceid=17 x-b3-spanid=2 x-b3-sampled=1 | NOT_TRACED | 17 | a1 | 2 | 1",
        "x-b3-traceid=17 x-b3-spanid=2 x-b3-sampled=0 | SAMPLED | 17 | 2 | | 0",
        "x-b3-traceid=LONG x-b3-spanid=2 x-b3-parentspanid=9 | SAMPLED | LONG | a1 | 2 | 1",
        "b3=LONG-0000000000000002-1 | NOT_TRACED | LONG | a1 | 2 | 1",
        "b3=LONG-0000000000000002-0-0000000000000009 | SAMPLED | LONG | 2 | | 0",
        "b3=LONG-0000000000000002 | SAMPLED | LONG | a1 | 2 | 1",
        "b3=0000000000000017-0000000000000002-d | NOT_TRACED | 17 | a1 | 2 | 1",
        // One header is read before several.
        "b3=0000000000000017-0000000000000002-1 x-b3-traceid=99 x-b3-spanid=9 | NOT_TRACED | 17 | a1 | 2 | 1",
        // Headers of others say nothing.
        "traceparent=00-LONG-0000000000000002-01 | NOT_TRACED | a1a2 | a3 | | 0"
      })
  void of_b3(
      String headers,
      TraceReason reason,
      String trace,
      String span,
      @Nullable String parent,
      String sampled) {
    String id = trace.equals("a1a2") ? A + B : trace.equals("LONG") ? LONG : pad(trace);
    Map<String, String> told = told(ZIPKIN, headers.replace("LONG", LONG), reason);
    assertThat(told)
        .containsEntry("x-b3-traceid", id)
        .containsEntry("x-b3-spanid", pad(span))
        .containsEntry("x-b3-sampled", sampled);
    if (parent == null) {
      assertThat(told).doesNotContainKey("x-b3-parentspanid");
    } else {
      assertThat(told).containsEntry("x-b3-parentspanid", pad(parent));
    }
  }

  private static final long HIGH = 0x0af7651916cd43ddL;
  private static final long LOW = 0x8448eb211c80319cL;
  private static final String LONG = "0af7651916cd43dd8448eb211c80319c";

  private static String pad(String hex) {
    return "0".repeat(16 - hex.length()) + hex;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-b3-traceid=xyz x-b3-spanid=2",
        "x-b3-traceid=17 x-b3-spanid=0x2",
        "x-b3-traceid=17 x-b3-spanid=2 x-b3-parentspanid=q",
        "x-b3-traceid=00000000000000000000017 x-b3-spanid=2",
        "b3=x",
        "b3=0000000000000017",
        "b3=0000000000000017-0000000000000002-",
        "b3=0000000000000017-0000000000000002-2",
        "b3=0000000000000017-0000000000000002-1-2",
        "b3=0000000000000017_0000000000000002",
        "b3=LONG-0000000000000002-1-0000000000000009-1"
      })
  void what_is_broken_has_no_span(String headers) {
    assertThat(told(ZIPKIN, headers.replace("LONG", LONG), TraceReason.FORCED_BY_SERVICE))
        .isEmpty();
  }

  @Test
  void identifiers_have_half_the_length_where_the_collector_wants_it() {
    assertThat(told(SHORT, "", TraceReason.SAMPLED))
        .containsExactly(
            Map.entry("x-b3-traceid", A),
            Map.entry("x-b3-spanid", B),
            Map.entry("x-b3-sampled", "1"));
  }

  @Test
  void one_header_tells_the_same_as_several() {
    assertThat(Propagation.single(new TraceContext(0, 0x17, 0x2, 0x1, true, "")))
        .isEqualTo("0000000000000017-0000000000000002-1-0000000000000001");
    assertThat(Propagation.single(new TraceContext(0, 0x17, 0x2, 0, false, "")))
        .isEqualTo("0000000000000017-0000000000000002-0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | NOT_TRACED | ROOT | 00",
        "x | SAMPLED | ROOT | 01",
        "tracestate=a | SAMPLED | ROOT | 01",
        "traceparent=00-LONG-0000000000000002-01 | NOT_TRACED | PARENT | 01",
        "traceparent=00-LONG-0000000000000002-00 | FORCED_BY_CLIENT | GIVEN | 00",
        "traceparent=01-LONG-0000000000000002-03 | NOT_TRACED | PARENT | 01",
        "b3=LONG-0000000000000002-1 | NOT_TRACED | ROOT | 00",
        "traceparent=ff-LONG-0000000000000002-01 | SAMPLED | NONE |",
        "traceparent=00-LONG-0000000000000000-01 | SAMPLED | NONE |",
        "traceparent=00-00000000000000000000000000000000-0000000000000002-01 | SAMPLED | NONE |",
        "traceparent=00-LONG-0000000000000002-0 | SAMPLED | NONE |",
        "traceparent=00-LONG-0000000000000002-0x | SAMPLED | NONE |",
        "traceparent=00_LONG-0000000000000002-01 | SAMPLED | NONE |"
      })
  void of_the_w3c(String headers, TraceReason reason, String trace, @Nullable String flags) {
    Map<String, String> told = told(OTLP, headers.replace("LONG", LONG), reason);
    switch (trace) {
      case "ROOT" ->
          assertThat(told)
              .containsExactly(Map.entry("traceparent", "00-" + A + B + "-" + C + "-" + flags));
      case "PARENT" ->
          assertThat(told)
              .containsExactly(Map.entry("traceparent", "00-" + LONG + "-" + A + "-" + flags));
      case "GIVEN" ->
          assertThat(told)
              .containsExactly(
                  Map.entry("traceparent", "00-" + LONG + "-0000000000000002-" + flags));
      default -> assertThat(told).isEmpty();
    }
  }

  @Test
  void the_state_of_a_client_goes_with_its_span() {
    Given given =
        Propagation.W3C.read(
            Headers.of("traceparent=00-" + LONG + "-0000000000000002-01 tracestate=a=b"));
    TraceContext context = TraceStart.context(OTLP, given, TraceReason.NOT_TRACED, () -> 7);
    assertThat(context).isEqualTo(new TraceContext(HIGH, LOW, 7, 2, true, "a=b"));
  }

  private static TraceReason decide(Tracing tracing, String headers, String id, boolean fresh) {
    return TraceReason.decide(
        tracing,
        Headers.of(headers),
        id.isEmpty() ? null : id.getBytes(StandardCharsets.US_ASCII),
        fresh);
  }

  private static String id(char digit) {
    return ID.substring(0, TraceReason.ID_DIGIT) + digit + ID.substring(TraceReason.ID_DIGIT + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // client, random, overall, headers, digit
        "10000 | 0 | 10000 | x | 4 | NOT_TRACED",
        "10000 | 1234 | 10000 | x | 4 | NOT_TRACED",
        "10000 | 1235 | 10000 | x | 4 | SAMPLED",
        "10000 | 0 | 10000 | x-envoy-force-trace=true | 4 | FORCED_BY_SERVICE",
        "10000 | 0 | 10000 | x-client-trace-id=a | 4 | FORCED_BY_CLIENT",
        "0 | 0 | 10000 | x-client-trace-id=a | 4 | NOT_TRACED",
        "10000 | 0 | 10000 | x-client-trace-id=a x-envoy-force-trace=1 | 4 | FORCED_BY_CLIENT",
        "10000 | 10000 | 1234 | x-client-trace-id=a | 4 | NOT_TRACED",
        "10000 | 0 | 10000 | x | 9 | SAMPLED",
        "10000 | 0 | 10000 | x | a | FORCED_BY_SERVICE",
        "10000 | 0 | 10000 | x | b | FORCED_BY_CLIENT",
        "10000 | 0 | 0 | x | b | NOT_TRACED"
      })
  void of_the_identifier_of_a_request(
      int client, int random, int overall, String headers, char digit, TraceReason reason) {
    Tracing tracing = tracing(ZIPKIN, client, random, overall);
    assertThat(decide(tracing, headers, id(digit), false)).isEqualTo(reason);
  }

  @Test
  void an_identifier_from_outside_decides_nothing_and_one_that_is_none_neither() {
    Tracing tracing = tracing(ZIPKIN, 10_000, 0, 10_000);
    assertThat(decide(tracing, "", id('9'), true)).isEqualTo(TraceReason.NOT_TRACED);
    assertThat(decide(tracing, "x-client-trace-id=a", "", false)).isEqualTo(TraceReason.NOT_TRACED);
    assertThat(decide(tracing, "x-client-trace-id=a", "not-hexadecimal", false))
        .isEqualTo(TraceReason.NOT_TRACED);
    assertThat(decide(tracing, "x-client-trace-id=a", "abc", false))
        .isEqualTo(TraceReason.NOT_TRACED);
  }

  @Test
  void where_identifiers_say_nothing_all_are_traced() {
    Tracing tracing = new Tracing(new Tracing.Sampling(0, 0, 0), false, true, 1, List.of(), ZIPKIN);
    assertThat(decide(tracing, "", "", false)).isEqualTo(TraceReason.SAMPLED);
  }
}
