package dev.weft.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Faults that are injected on purpose. Either part may be missing. */
public record FaultPolicy(@Nullable Delay delay, @Nullable Abort abort) implements RoutePolicy {
  /** Wait before going on. */
  public record Delay(Duration duration, Fraction fraction) {}

  /**
   * Answer instead of going on.
   *
   * @param httpStatus 200 to 599; for a gRPC status 200
   * @param grpcStatus null: a plain HTTP answer
   */
  public record Abort(int httpStatus, @Nullable Integer grpcStatus, Fraction fraction) {}
}
