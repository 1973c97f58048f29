package dev.weft.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.codec.MessageHead.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutated input: parsers answer, want more, or refuse; nothing else. The seed is fixed. */
class HostileInputTest {
  private static final String HEAD =
      "POST http://a:80/p?q HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\nExpect: 100-continue\r\n"
          + "Content-Length: 12\r\nTransfer-Encoding: chunked\r\nUpgrade: w\r\nx-b3-traceid: 1\r\n\r\n";
  private static final String RESPONSE =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n";
  private static final String BODY = "5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n";

  private final Random random = new Random(20260101);

  @Test
  void mutated_heads_never_throw_anything_but_the_protocol_error() {
    int complete = 0;
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = mutate((i % 2 == 0 ? HEAD : RESPONSE).getBytes(ISO_8859_1));
      MessageHead head =
          i % 2 == 0
              ? new RequestHead(new HeadLimits(300, 12))
              : new ResponseHead(new HeadLimits(300, 12));
      try {
        if (Wire.feed(head, bytes, 1 + random.nextInt(40))) {
          complete++;
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
          // What was taken can be parsed again by the next hop.
          byte[] written = io.netty.buffer.ByteBufUtil.getBytes(out);
          MessageHead again =
              head instanceof RequestHead
                  ? new RequestHead(HeadLimits.DEFAULT)
                  : new ResponseHead(HeadLimits.DEFAULT);
          assertThat(again.parse(written, written.length)).isTrue();
          assertThat(again.framing()).isEqualTo(head.framing());
        }
      } catch (ProtocolException e) {
        assertThat(e.violation()).isNotNull();
      }
    }
    assertThat(complete).isPositive();
  }

  @Test
  void mutated_chunks_and_hellos_never_throw_anything_but_the_protocol_error() throws Exception {
    byte[] hello = io.netty.buffer.ByteBufUtil.getBytes(ClientHelloTest.hello());
    for (int i = 0; i < 30_000; i++) {
      ByteBuf chunks = Unpooled.wrappedBuffer(mutate(BODY.getBytes(ISO_8859_1)));
      BodyFramer framer = new BodyFramer();
      framer.start(Framing.CHUNKED, -1);
      try {
        int taken = framer.take(chunks, 0, chunks.writerIndex());
        assertThat(taken).isBetween(0, chunks.writerIndex());
      } catch (ProtocolException e) {
        assertThat(e.violation()).isNotNull();
      }
      try {
        assertThat(ClientHello.peek(Unpooled.wrappedBuffer(mutate(hello)))).isNotNull();
      } catch (ProtocolException e) {
        assertThat(e.violation()).isEqualTo(Violation.BAD_CLIENT_HELLO);
      }
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      assertThat(FirstBytes.peek(Unpooled.wrappedBuffer(noise))).isNotNull();
    }
  }

  private byte[] mutate(byte[] bytes) {
    byte[] out = bytes.clone();
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(out.length);
      switch (random.nextInt(5)) {
        case 0 -> out[at] = (byte) random.nextInt(256);
        case 1 -> out[at] = (byte) "\r\n :;,\t\0".charAt(random.nextInt(8));
        case 2 -> out = Arrays.copyOf(out, at + 1);
        case 3 -> {
          int to = Math.min(out.length, at + random.nextInt(40));
          byte[] cut = new byte[out.length - (to - at) + 1];
          System.arraycopy(out, 0, cut, 0, at);
          System.arraycopy(out, to, cut, at, out.length - to);
          out = cut;
        }
        default -> {
          byte[] doubled = Arrays.copyOf(out, out.length + at);
          System.arraycopy(out, 0, doubled, out.length, at);
          out = doubled;
        }
      }
    }
    return out;
  }
}
