package dev.weft.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.codec.ClientHello.Peek;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
  private static final String NAME = "outbound_.8000_._.httpbin.default.svc.cluster.local";

  /** A hello as a real client writes it. */
  static ByteBuf hello() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(sni())));
    parameters.setApplicationProtocols(new String[] {"istio-http/1.1", "istio"});
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(32 * 1024);
    engine.wrap(ByteBuffer.allocate(0), out);
    return Unpooled.wrappedBuffer(out.flip());
  }

  // The JDK refuses underscores; same length, patched below.
  private static String sni() {
    return NAME.replace('_', 'x');
  }

  static ByteBuf withUnderscores(ByteBuf hello) {
    ByteBuf copy = hello.copy();
    byte[] from = sni().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i + from.length <= copy.writerIndex(); i++) {
      if (copy.slice(i, from.length).equals(Unpooled.wrappedBuffer(from))) {
        copy.setCharSequence(i, NAME, java.nio.charset.StandardCharsets.US_ASCII);
      }
    }
    return copy;
  }

  @Test
  void name_and_protocols_are_found_and_every_prefix_wants_more() throws Exception {
    ByteBuf hello = withUnderscores(hello());
    assertThat(ClientHello.peek(hello))
        .isEqualTo(new Peek.Found(new ClientHello(NAME, List.of("istio-http/1.1", "istio"))));
    for (int i = 0; i < hello.writerIndex(); i++) {
      assertThat(ClientHello.peek(hello.slice(0, i))).isInstanceOf(Peek.NeedMore.class);
    }
    assertThat(hello.readerIndex()).isZero();
  }

  @Test
  void hello_in_many_records_is_read_through() throws Exception {
    ByteBuf hello = withUnderscores(hello());
    for (int size = 4; size < 200; size += 13) {
      ByteBuf split = Unpooled.buffer();
      for (int at = 5; at < hello.writerIndex(); at += size) {
        int part = Math.min(size, hello.writerIndex() - at);
        split.writeByte(22).writeShort(0x0301).writeShort(part).writeBytes(hello, at, part);
      }
      assertThat(ClientHello.peek(split)).isEqualTo(ClientHello.peek(hello));
      assertThat(ClientHello.peek(split.slice(0, split.writerIndex() - 1)))
          .isInstanceOf(Peek.NeedMore.class);
    }
  }

  @Test
  void plain_bytes_are_told_at_the_first_byte() {
    assertThat(ClientHello.peek(Wire.buffer("G"))).isInstanceOf(Peek.Plain.class);
    assertThat(ClientHello.peek(Wire.buffer("\u0016\u0002"))).isInstanceOf(Peek.Plain.class);
    assertThat(ClientHello.peek(Unpooled.EMPTY_BUFFER)).isInstanceOf(Peek.NeedMore.class);
  }
}
