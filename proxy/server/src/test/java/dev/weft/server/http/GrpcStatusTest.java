package dev.weft.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcStatusTest {
  /** An endpoint may say anything there. */
  @ParameterizedTest
  @CsvSource({"0,0", "7,7", "16,16", "'',-1", "-1,-1", "x,-1", "1x,-1", "100,-1"})
  void one_or_two_digits_say_it_in_a_head_and_after_content(String said, int status) {
    assertThat(GrpcStatus.of(head("grpc-status: " + said + "\r\n"))).isEqualTo(status);
    assertThat(GrpcStatus.of(new Trailers(List.of(new Trailers.Field("grpc-status", said)))))
        .isEqualTo(status);
  }

  @Test
  void silence_says_nothing() {
    assertThat(GrpcStatus.of(head(""))).isEqualTo(GrpcStatus.UNKNOWN);
    assertThat(GrpcStatus.of(Trailers.NONE)).isEqualTo(GrpcStatus.UNKNOWN);
  }

  private static ResponseHead head(String fields) {
    byte[] bytes = ("HTTP/1.1 200 OK\r\n" + fields + "\r\n").getBytes(StandardCharsets.US_ASCII);
    ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
    assertThat(head.parse(bytes, bytes.length)).isTrue();
    return head;
  }
}
