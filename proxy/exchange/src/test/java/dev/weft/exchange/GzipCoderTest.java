package dev.weft.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.HttpFilter.Compressor.Strategy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out of the coder is what went in. */
class GzipCoderTest {
  private final Sent.Places places = new Sent.Places(0);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private GzipCoder coder(Strategy strategy) {
    return new GzipCoder(-1, strategy, places);
  }

  private int feed(BodyCoder coder, byte[] bytes, boolean last) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    ByteBuffer coded = coder.code(in, last);
    assertThat(in.hasRemaining()).isFalse();
    int size = coded.remaining();
    out.write(coded.array(), coded.arrayOffset() + coded.position(), size);
    return size;
  }

  private byte[] decoded() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(4));
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void text_in_parts_becomes_smaller_and_comes_back(Strategy strategy) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    GzipCoder coder = coder(strategy);
    int sizes = 0;
    for (int size : new int[] {1, 100, 65_536, 0, 300_000, 7}) {
      all.writeBytes(text(size));
      sizes += feed(coder, text(size), false);
    }
    feed(coder, new byte[0], true);
    coder.close();
    assertThat(sizes).isLessThan(all.size() / 2);
    assertThat(decoded()).isEqualTo(all.toByteArray());
    assertThat(places.left).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 1000, 65_536, 1_000_000})
  void what_cannot_be_compressed_comes_back_whole(int size) throws IOException {
    byte[] noise = new byte[size];
    new Random(1).nextBytes(noise);
    feed(coder(Strategy.DEFAULT), noise, true);
    assertThat(decoded()).isEqualTo(noise);
    assertThat(out.size()).isLessThan(size + size / 1000 + 64);
  }

  @Test
  void whoever_reads_has_all_that_was_written_so_far() throws IOException {
    GzipCoder coder = coder(Strategy.DEFAULT);
    feed(coder, "event: one".getBytes(ISO_8859_1), false);
    GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()));
    assertThat(new String(in.readNBytes(10), ISO_8859_1)).isEqualTo("event: one");
    assertThat(feed(coder, new byte[0], false)).isZero();
  }

  @Test
  void one_coder_after_another_is_ended_as_well() throws IOException {
    BodyCoder both = coder(Strategy.DEFAULT).then(coder(Strategy.DEFAULT));
    feed(both, text(1000), false);
    feed(both, text(10), true);
    both.close();
    byte[] inner = decoded();
    out.reset();
    out.writeBytes(inner);
    assertThat(decoded()).hasSize(1010);
    assertThat(places.left).isEqualTo(2);
  }
}
