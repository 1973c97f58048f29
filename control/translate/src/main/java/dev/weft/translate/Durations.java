package dev.weft.translate;

import com.google.protobuf.Duration;

/** Java's durations as protobuf's. */
final class Durations {
  static final Duration ZERO = Duration.getDefaultInstance();

  private Durations() {}

  static Duration of(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
