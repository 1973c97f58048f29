package dev.weft.exchange.trace;

import org.jspecify.annotations.Nullable;

/** What a request says of its trace. */
public sealed interface Given {
  /**
   * Whether what it says holds for the next one as it is: of a trace that nobody reports, no span
   * here is one that somebody could look for (www.w3.org/TR/trace-context, 3.4).
   */
  default boolean goesOnAsItIs() {
    return switch (this) {
      case Nothing nothing -> false;
      case Decided decided -> false;
      case Parent parent -> Boolean.FALSE.equals(parent.sampled());
      case Broken broken -> true;
    };
  }

  /** Nothing. */
  record Nothing() implements Given {}

  /** Whether it is to be traced, and no more. */
  record Decided(boolean sampled) implements Given {}

  /**
   * A span that led to it.
   *
   * @param high the first half of the trace's identifier; 0 where it has 64 bits
   * @param sampled null where that is left to us
   * @param state {@code tracestate}; may be empty
   */
  record Parent(long high, long low, long span, @Nullable Boolean sampled, String state)
      implements Given {}

  /** Something that cannot be understood: the request goes on with it, and has no span. */
  record Broken() implements Given {}
}
