package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Messages are counted however they are cut into parts. */
class GrpcStatsFilterTest {
  private static final byte[] MESSAGES = {0, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 9};

  private static Seen calling(boolean http2, String type) {
    return Seen.get("/", Map.of("content-type", type, "over", http2 ? "http2" : ""));
  }

  @Test
  void messages_of_both_sides_are_counted_in_parts_of_any_size() {
    for (int size = 1; size <= MESSAGES.length; size++) {
      BodyWatch watch =
          Objects.requireNonNull(
              new GrpcStatsFilter().watch(calling(true, "application/grpc+proto")));
      for (int at = 0; at < MESSAGES.length; at += size) {
        int length = Math.min(size, MESSAGES.length - at);
        watch.request(ByteBuffer.wrap(MESSAGES, at, length));
      }
      watch.response(ByteBuffer.wrap(MESSAGES, 0, 8));
      List<Long> told = new ArrayList<>();
      watch.end((request, response) -> told.addAll(List.of(request, response)));
      assertThat(told).as("parts of %d", size).containsExactly(3L, 1L);
    }
  }

  @Test
  void nobody_looks_at_what_is_no_call() {
    assertThat(new GrpcStatsFilter().watch(calling(true, "text/html"))).isNull();
    assertThat(new GrpcStatsFilter().watch(calling(false, "application/grpc"))).isNull();
  }
}
