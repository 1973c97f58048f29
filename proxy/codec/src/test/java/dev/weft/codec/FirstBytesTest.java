package dev.weft.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstBytesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET / HTTP/1.1\\r\\n|HTTP_1_1",
        "GET /a HTTP/1.0\\r\\n|HTTP_1_0",
        "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n|H2C",
        "PRI|NEED_MORE",
        "GET|NEED_MORE",
        "GET /a HTTP/|NEED_MORE",
        "SSH-2.0-x y\\r\\n|OTHER",
        "*1\\r\\n$4\\r\\nPING\\r\\n|OTHER",
        "\\0\\0\\0\\01|OTHER",
        "thisisaverylongtokenthatcannotbeamethodatall|OTHER"
      })
  void first_bytes_tell_the_protocol_and_no_prefix_tells_another(String text, FirstBytes expected) {
    ByteBuf in = Wire.buffer(text.translateEscapes());
    assertThat(FirstBytes.peek(in)).isEqualTo(expected);
    for (int i = 0; i < in.writerIndex(); i++) {
      assertThat(FirstBytes.peek(in.slice(0, i))).isIn(FirstBytes.NEED_MORE, expected);
    }
  }
}
