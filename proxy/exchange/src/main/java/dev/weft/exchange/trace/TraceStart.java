package dev.weft.exchange.trace;

import dev.weft.runtime.Tracing;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The span of a request begins. */
public final class TraceStart {
  private TraceStart() {}

  /**
   * What it is a part of.
   *
   * @param given what the request says
   * @param reason what was decided where it says nothing
   * @param random gives identifiers
   * @return null where it has no span
   */
  public static @Nullable TraceContext context(
      Tracing.Collector collector, Given given, TraceReason reason, LongSupplier random) {
    return switch (given) {
      case Given.Broken broken -> null;
      case Given.Nothing nothing -> root(collector, reason.traced(), random);
      case Given.Decided decided -> root(collector, decided.sampled(), random);
      case Given.Parent parent -> {
        Boolean sampled = parent.sampled();
        yield given.goesOnAsItIs()
            ? new TraceContext(parent.high(), parent.low(), parent.span(), 0, false, parent.state())
            : new TraceContext(
                parent.high(),
                parent.low(),
                id(random),
                parent.span(),
                sampled == null ? reason.traced() : sampled,
                parent.state());
      }
    };
  }

  private static TraceContext root(
      Tracing.Collector collector, boolean sampled, LongSupplier random) {
    boolean half = collector instanceof Tracing.Zipkin zipkin && !zipkin.longIds();
    return new TraceContext(half ? 0 : id(random), id(random), id(random), 0, sampled, "");
  }

  /** Zero is none. */
  private static long id(LongSupplier random) {
    long id = 0;
    while (id == 0) {
      id = random.getAsLong();
    }
    return id;
  }
}
