package dev.weft.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.codec.MessageHead.Framing;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyFramerTest {
  record Refused(String technique, String body, Violation violation) {
    @Override
    public String toString() {
      return technique;
    }
  }

  static List<Refused> refused() {
    return List.of(
        new Refused("empty_size", "\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_0x", "0x5\r\nhello\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_sign", "+5\r\nhello\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_trailing_space", "5 \r\nhello\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_leading_space", " 5\r\nhello\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_underscore", "5_0\r\nhello\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_overflow", "1000000000000000005\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_zero_padded", "0".repeat(20) + "5\r\n", Violation.BAD_CHUNK_SIZE),
        new Refused("size_bare_lf", "5\nhello\r\n", Violation.BARE_LF),
        new Refused("size_bare_cr", "5\rhello\r\n", Violation.BARE_CR),
        new Refused("term_ext", "5;a\nhello\r\n", Violation.BARE_LF),
        new Refused("ext_bare_cr", "5;a\rX\r\nhello\r\n", Violation.BARE_CR),
        new Refused("ext_nul", "5;a\0\r\n", Violation.BAD_CHUNK_EXTENSION),
        new Refused("ext_flood", "5;" + "a".repeat(5000) + "\r\n", Violation.BAD_CHUNK_EXTENSION),
        new Refused("spill", "5\r\nhelloX\r\n", Violation.BAD_CHUNK_END),
        new Refused("two_byte_terminator_xx", "5\r\nhelloXX0\r\n", Violation.BAD_CHUNK_END),
        new Refused("data_bare_lf", "5\r\nhello\n0\r\n", Violation.BAD_CHUNK_END),
        new Refused("end_bare_lf", "0\r\n\n", Violation.BAD_TRAILER),
        new Refused("end_bare_cr", "0\r\n\rX", Violation.BARE_CR),
        new Refused(
            "trailer_content_length", "0\r\nContent-Length: 5\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_te", "0\r\ntransfer-encoding: chunked\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_host", "0\r\nHost: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_auth", "0\r\nAuthorization: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_cookie", "0\r\nSET-COOKIE: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_envoy", "0\r\nX-Envoy-Retry-On: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_xff", "0\r\nX-Forwarded-For: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_connection", "0\r\nConnection: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_type", "0\r\ncontent-type: b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_space", "0\r\nA : b\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_fold", "0\r\nA: b\r\n c\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_bare_lf", "0\r\nA: b\nB: c\r\n\r\n", Violation.BARE_LF),
        new Refused("trailer_is_request", "0\r\nGET / HTTP/1.1\r\n\r\n", Violation.BAD_TRAILER),
        new Refused("trailer_flood", "0\r\nA: " + "b".repeat(9000), Violation.HEAD_TOO_LARGE));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void chunk_smuggling_technique_is_refused_however_the_bytes_arrive(Refused c) {
    for (int step : new int[] {1, 7, Integer.MAX_VALUE}) {
      ProtocolException e =
          catchThrowableOfType(ProtocolException.class, () -> take(c.body(), step));
      assertThat(e).as("step %d", step).isNotNull();
      assertThat(e.violation()).isEqualTo(c.violation());
    }
  }

  @Test
  void chunked_body_with_extensions_and_trailers_ends_where_it_ends() {
    String body = "5;a=\"b;c\"\r\nhello\r\nA;x\r\n0123456789\r\n000\r\nX-Sum: 1\r\nY:\r\n\r\n";
    for (int step = 1; step <= body.length() + 9; step++) {
      BodyFramer framer = new BodyFramer();
      framer.start(Framing.CHUNKED, -1);
      assertThat(feed(framer, body + "GET /next", step)).isEqualTo(body.length());
      assertThat(framer.done()).isTrue();
      assertThat(framer.payload()).isEqualTo(15);
    }
  }

  @Test
  void content_can_be_had_without_its_chunks() {
    String body = "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nGrpc-Status: 0\r\nX-Env: 1\r\n\r\n";
    for (int step = 1; step <= body.length(); step++) {
      BodyFramer framer = new BodyFramer();
      framer.start(Framing.CHUNKED, -1);
      ByteBuf in =
          io.netty.buffer.Unpooled.copiedBuffer(body, java.nio.charset.StandardCharsets.US_ASCII);
      ByteBuf content = io.netty.buffer.Unpooled.buffer();
      while (in.isReadable()) {
        int to = Math.min(in.writerIndex(), in.readerIndex() + step);
        in.skipBytes(framer.take(in, in.readerIndex(), to, content));
      }
      assertThat(framer.done()).isTrue();
      assertThat(content.toString(java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("hello world");
    }
  }

  @Test
  void body_of_known_length_takes_no_byte_more() {
    BodyFramer framer = new BodyFramer();
    framer.start(Framing.LENGTH, 5);
    assertThat(feed(framer, "helloGET /", 3)).isEqualTo(5);
    assertThat(framer.done()).isTrue();
    framer.start(Framing.UNTIL_CLOSE, -1);
    assertThat(feed(framer, "anything", 3)).isEqualTo(8);
    assertThat(framer.done()).isFalse();
  }

  private static void take(String body, int step) {
    BodyFramer framer = new BodyFramer();
    framer.start(Framing.CHUNKED, -1);
    int unused = feed(framer, body, step);
  }

  private static int feed(BodyFramer framer, String text, int step) {
    ByteBuf in = Wire.buffer(text);
    int at = 0;
    while (at < in.writerIndex() && !framer.done()) {
      at += framer.take(in, at, (int) Math.min(in.writerIndex(), (long) at + step));
    }
    return at;
  }
}
