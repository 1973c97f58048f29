package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a call may take, as its client says. */
class GrpcTimeoutTest {
  private record Call(@Nullable String said) implements RequestView {
    @Override
    public CharSequence authority() {
      return "";
    }

    @Override
    public CharSequence path() {
      return "/";
    }

    @Override
    public CharSequence method() {
      return "POST";
    }

    @Override
    public CharSequence scheme() {
      return "http";
    }

    @Override
    public @Nullable CharSequence header(String name) {
      return name.equals("grpc-timeout") ? said : null;
    }
  }

  private record Case(
      @Nullable String said, long mostMillis, long offsetMillis, @Nullable Duration expected) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(null, 0, 0, null),
        new Case("", 0, 0, null),
        new Case("S", 0, 0, null),
        new Case("-1S", 0, 0, null),
        new Case("1s", 0, 0, null),
        new Case("123456789S", 0, 0, null),
        new Case("2H", 0, 0, Duration.ofHours(2)),
        new Case("2M", 0, 0, Duration.ofMinutes(2)),
        new Case("2S", 0, 0, Duration.ofSeconds(2)),
        new Case("2m", 0, 0, Duration.ofMillis(2)),
        new Case("2u", 0, 0, Duration.ofNanos(2000)),
        new Case("2n", 0, 0, Duration.ofNanos(2)),
        new Case("0n", 0, 0, null),
        new Case("99999999H", 0, 0, Duration.ofHours(876_000)),
        new Case("2S", 500, 0, Duration.ofMillis(500)),
        new Case("2S", 5000, 0, Duration.ofSeconds(2)),
        new Case("2S", 0, 500, Duration.ofMillis(1500)),
        new Case("2S", 0, 5000, Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_header_counts_up_to_the_most_and_ends_earlier_by_the_offset(Case c) {
    GrpcTimeout timeout =
        new GrpcTimeout(Duration.ofMillis(c.mostMillis()), Duration.ofMillis(c.offsetMillis()));
    assertThat(timeout.of(new Call(c.said()))).isEqualTo(c.expected());
  }
}
