package dev.weft.apiserver.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;

class SpdyTest {
  @Test
  void the_dictionary_is_the_one_of_the_specification() {
    Adler32 sum = new Adler32();
    sum.update(SpdyDictionary.bytes());
    assertThat(SpdyDictionary.bytes()).hasSize(1423);
    assertThat(sum.getValue()).isEqualTo(0xe3c6a7c2L);
  }

  private record Canned(InputStream in) implements SpdyTransport {
    @Override
    public void write(byte[] bytes) {}
  }

  @Test
  void random_frames_end_in_an_error_of_the_protocol_and_nothing_else() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 8) {
        // A plausible head gets the rest of the bytes read.
        bytes[0] = (byte) 0x80;
        bytes[1] = 3;
        bytes[2] = 0;
        bytes[3] = (byte) (1 + random.nextInt(9));
        bytes[5] = 0;
        bytes[6] = 0;
      }
      try (SpdyConnection connection =
          new SpdyConnection(new Canned(new ByteArrayInputStream(bytes)), stream -> {})) {
        assertThatCode(
                () -> {
                  try {
                    connection.run();
                  } catch (IOException e) {
                    // The only way to say no.
                  }
                })
            .doesNotThrowAnyException();
      }
    }
  }
}
