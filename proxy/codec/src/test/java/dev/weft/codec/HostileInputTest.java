package dev.weft.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.codec.MessageHead.Framing;
import dev.weft.testkit.Corpus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Damaged input: parsers answer, want more, or refuse; nothing else. */
class HostileInputTest {
  private static final Set<Class<? extends Exception>> REFUSED = Set.of(ProtocolException.class);
  private static final int MANY = 20_000;

  @Test
  void requests_are_taken_or_refused_and_what_is_taken_can_be_parsed_by_the_next_hop() {
    heads("http1-request", RequestHead::new);
  }

  @Test
  void answers_are_taken_or_refused_and_what_is_taken_can_be_parsed_by_the_next_hop() {
    heads("http1-response", ResponseHead::new);
  }

  private static void heads(String corpus, Function<HeadLimits, MessageHead> parser) {
    AtomicInteger complete = new AtomicInteger();
    Corpus.of(corpus)
        .torture(
            MANY,
            REFUSED,
            input -> {
              MessageHead head = parser.apply(new HeadLimits(600, 12));
              if (!Wire.feed(head, input, 1 + input.length % 40)) {
                return;
              }
              complete.incrementAndGet();
              ByteBuf out = Unpooled.buffer();
              HeadOverlay overlay = new HeadOverlay();
              overlay.removeHopByHop(head, false);
              if (head instanceof RequestHead request) {
                overlay.writeTo(request, out);
                assertThat(request.path()).isNotEmpty();
                assertThat(request.method()).isNotEmpty();
              } else if (head instanceof ResponseHead response) {
                overlay.writeTo(response, out);
              }
              byte[] written = ByteBufUtil.getBytes(out);
              MessageHead again = parser.apply(HeadLimits.DEFAULT);
              assertThat(again.parse(written, written.length)).isTrue();
              assertThat(again.framing()).isEqualTo(head.framing());
            });
    assertThat(complete.get()).isPositive();
  }

  @Test
  void chunks_are_taken_or_refused() {
    Corpus.of("chunks")
        .torture(
            MANY,
            REFUSED,
            input -> {
              BodyFramer framer = new BodyFramer();
              framer.start(Framing.CHUNKED, -1);
              int taken = framer.take(Unpooled.wrappedBuffer(input), 0, input.length);
              assertThat(taken).isBetween(0, input.length);
            });
  }

  @Test
  void first_bytes_are_recognized_or_refused() {
    Corpus.of("client-hello")
        .torture(
            MANY,
            REFUSED,
            input -> {
              assertThat(FirstBytes.peek(Unpooled.wrappedBuffer(input))).isNotNull();
              assertThat(ClientHello.peek(Unpooled.wrappedBuffer(input))).isNotNull();
            });
  }
}
