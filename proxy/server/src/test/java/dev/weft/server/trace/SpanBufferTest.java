package dev.weft.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.exchange.trace.Span;
import dev.weft.exchange.trace.TraceContext;
import dev.weft.runtime.Tracing;
import dev.weft.server.trace.SpanBuffer.Next;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where spans wait, and which of them do not. */
class SpanBufferTest {
  private static final Tracing.Collector ZIPKIN = new Tracing.Zipkin("z", "z", "/", true);
  private static final Tracing.Collector OTHER = new Tracing.Zipkin("o", "o", "/", true);

  private final SpanBuffer buffer = new SpanBuffer();

  private static Span span(int bytes) {
    return new Span(
        new TraceContext(1, 2, 3, 0, true, ""),
        Span.Kind.CLIENT,
        "n",
        1,
        1,
        200,
        List.of(new Span.Tag("", "x".repeat(bytes))));
  }

  private Next add(Tracing.Collector to, int spans) {
    Next last = Next.NOTHING;
    for (int i = 0; i < spans; i++) {
      last = buffer.add(to, span(1), () -> {});
    }
    return last;
  }

  @Test
  void the_first_is_awaited_the_others_join_it_and_many_go_at_once() {
    assertThat(add(ZIPKIN, 1)).isEqualTo(Next.LATER);
    assertThat(add(ZIPKIN, 1)).isEqualTo(Next.NOTHING);
    assertThat(add(OTHER, 1)).isEqualTo(Next.LATER);
    assertThat(add(ZIPKIN, SpanBuffer.BATCH_SPANS - 2)).isEqualTo(Next.NOW);
    assertThat(buffer.take(ZIPKIN)).hasSize(SpanBuffer.BATCH_SPANS);
    assertThat(buffer.take(ZIPKIN)).isEmpty();
    assertThat(buffer.take(OTHER)).hasSize(1);
  }

  @Test
  void one_batch_is_under_way_and_what_comes_meanwhile_follows() {
    assertThat(add(ZIPKIN, 1)).isEqualTo(Next.LATER);
    assertThat(buffer.take(ZIPKIN)).hasSize(1);
    assertThat(add(ZIPKIN, SpanBuffer.BATCH_SPANS)).isEqualTo(Next.NOTHING);
    assertThat(buffer.take(ZIPKIN)).isEmpty();
    assertThat(buffer.done(ZIPKIN, 1, true)).isEqualTo(Next.NOW);
    assertThat(buffer.take(ZIPKIN)).hasSize(SpanBuffer.BATCH_SPANS);
    assertThat(buffer.done(ZIPKIN, SpanBuffer.BATCH_SPANS, true)).isEqualTo(Next.NOTHING);
    assertThat(buffer.sent()).isEqualTo(1 + SpanBuffer.BATCH_SPANS);
    assertThat(buffer.dropped()).isZero();
  }

  @Test
  void who_takes_nothing_is_asked_again_later_with_what_came_since() {
    add(ZIPKIN, 1);
    assertThat(buffer.take(ZIPKIN)).hasSize(1);
    add(ZIPKIN, SpanBuffer.BATCH_SPANS);
    assertThat(buffer.done(ZIPKIN, 1, false)).isEqualTo(Next.LATER);
    assertThat(buffer.dropped()).isEqualTo(1);
  }

  @Test
  void what_is_too_much_is_dropped_and_counted() {
    add(ZIPKIN, SpanBuffer.MOST_SPANS + 3);
    assertThat(buffer.dropped()).isEqualTo(3);
    assertThat(buffer.take(ZIPKIN)).hasSize(SpanBuffer.BATCH_SPANS);
    add(OTHER, SpanBuffer.BATCH_SPANS + 1);
    assertThat(buffer.dropped()).isEqualTo(4);
  }

  @Test
  void at_the_end_nothing_waits_and_who_is_away_is_not_asked_again() {
    List<String> asked = new ArrayList<>();
    buffer.add(ZIPKIN, span(1), () -> asked.add("zipkin"));
    for (int i = 0; i < SpanBuffer.BATCH_SPANS + 1; i++) {
      buffer.add(OTHER, span(1), () -> asked.add("other"));
    }
    assertThat(buffer.take(OTHER)).hasSize(SpanBuffer.BATCH_SPANS);

    buffer.end(() -> asked.add("over"));
    assertThat(asked).containsExactly("zipkin");
    assertThat(buffer.take(ZIPKIN)).hasSize(1);
    assertThat(add(ZIPKIN, 1)).isEqualTo(Next.NOTHING);
    assertThat(buffer.done(ZIPKIN, 1, true)).isEqualTo(Next.NOW);
    assertThat(buffer.take(ZIPKIN)).hasSize(1);
    assertThat(buffer.done(ZIPKIN, 1, true)).isEqualTo(Next.NOTHING);
    assertThat(asked).containsExactly("zipkin");

    assertThat(buffer.done(OTHER, SpanBuffer.BATCH_SPANS, false)).isEqualTo(Next.NOTHING);
    assertThat(asked).containsExactly("zipkin", "over");
    assertThat(buffer.dropped()).isEqualTo(SpanBuffer.BATCH_SPANS + 1);
  }

  @Test
  void without_spans_the_end_comes_at_once() {
    List<String> asked = new ArrayList<>();
    buffer.end(() -> asked.add("over"));
    assertThat(asked).containsExactly("over");
  }

  @Test
  void bytes_are_bounded_too_and_a_long_span_goes_alone() {
    int half = (int) SpanBuffer.BATCH_BYTES;
    assertThat(buffer.add(ZIPKIN, span(half), () -> {})).isEqualTo(Next.LATER);
    assertThat(buffer.add(ZIPKIN, span(half / 2), () -> {})).isEqualTo(Next.NOTHING);
    assertThat(buffer.add(ZIPKIN, span(half), () -> {})).isEqualTo(Next.NOTHING);
    assertThat(buffer.dropped()).isEqualTo(1);
    assertThat(buffer.take(ZIPKIN)).hasSize(1);
    buffer.done(ZIPKIN, 1, true);
    assertThat(buffer.take(ZIPKIN)).hasSize(1);
  }
}
