package dev.weft.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.codec.MessageHead.Framing;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
  @Test
  void status_and_framing_are_noted_wherever_the_bytes_are_split() {
    byte[] bytes =
        "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 135\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    for (int step = 1; step <= bytes.length; step++) {
      ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
      assertThat(Wire.feed(head, bytes, step)).isTrue();
      assertThat(head.status()).isEqualTo(418);
      assertThat(head.framingOf(false)).isEqualTo(Framing.LENGTH);
      assertThat(head.framingOf(true)).isEqualTo(Framing.NONE);
    }
  }

  @Test
  void body_without_length_goes_on_until_the_connection_closes() {
    assertThat(Wire.response("HTTP/1.0 200\r\n\r\n").framingOf(false))
        .isEqualTo(Framing.UNTIL_CLOSE);
    assertThat(Wire.response("HTTP/1.1 304 \r\n\r\n").framingOf(false)).isEqualTo(Framing.NONE);
    assertThat(Wire.response("HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\n").framingOf(false))
        .isEqualTo(Framing.NONE);
    assertThat(Wire.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").framingOf(false))
        .isEqualTo(Framing.NONE);
    assertThat(Wire.response("HTTP/1.1 100 Continue\r\n\r\n").interim()).isTrue();
    assertThat(Wire.response("HTTP/1.1 101 Switching\r\n\r\n").interim()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000\r\n\r\n",
        "HTTP/1.1 099 x\r\n\r\n",
        "HTTP/1.1  200 x\r\n\r\n",
        "HTTP/1.1 200 a\0b\r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\rX: y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "ICY 200 OK\r\n\r\n"
      })
  void response_that_splits_or_desyncs_is_refused(String text) {
    assertThatThrownBy(() -> Wire.response(text)).isInstanceOf(ProtocolException.class);
  }
}
