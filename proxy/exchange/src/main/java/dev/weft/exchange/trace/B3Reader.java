package dev.weft.exchange.trace;

import dev.weft.routing.RequestView;
import org.jspecify.annotations.Nullable;

/** B3, see github.com/openzipkin/b3-propagation. */
final class B3Reader {
  private static final int LENGTH = HexIds.LENGTH;

  private B3Reader() {}

  static Given several(RequestView request) {
    Boolean sampled = flag(request.header("x-b3-sampled"));
    Given trace = trace(request.header("x-b3-traceid"));
    CharSequence span = request.header("x-b3-spanid");
    if (trace instanceof Given.Nothing || span == null) {
      return sampled == null ? new Given.Nothing() : new Given.Decided(sampled);
    }
    if (!(trace instanceof Given.Parent ids) || !HexIds.are(span, 0, span.length())) {
      return new Given.Broken();
    }
    long id = HexIds.parse(span, 0, span.length());
    CharSequence parent = request.header("x-b3-parentspanid");
    return parent == null || parent.isEmpty() || HexIds.are(parent, 0, parent.length())
        ? new Given.Parent(ids.high(), ids.low(), id, sampled, "")
        : new Given.Broken();
  }

  /** Old tracers write {@code true}; what is there and none of both is a no, as with Envoy. */
  private static @Nullable Boolean flag(@Nullable CharSequence value) {
    return value == null ? null : (Boolean) (equal(value, "1") || equal(value, "true"));
  }

  private static boolean equal(CharSequence value, String text) {
    return CharSequence.compare(value, text) == 0;
  }

  private static Given trace(@Nullable CharSequence id) {
    if (id == null) {
      return new Given.Nothing();
    }
    int length = id.length();
    int half = length == 2 * LENGTH ? LENGTH : 0;
    if (half > 0 && !HexIds.are(id, 0, half) || !HexIds.are(id, half, length)) {
      return new Given.Broken();
    }
    return new Given.Parent(HexIds.parse(id, 0, half), HexIds.parse(id, half, length), 0, null, "");
  }

  /** {@code trace-span[-flag[-parent]]}, or the flag alone. */
  static Given single(CharSequence value) {
    int length = value.length();
    if (length == 1) {
      return flag(value.charAt(0)) ? new Given.Decided(value.charAt(0) != '0') : new Given.Broken();
    }
    int half = length > 2 * LENGTH && value.charAt(2 * LENGTH) == '-' ? LENGTH : 0;
    int traceEnd = half + LENGTH;
    int spanEnd = traceEnd + 1 + LENGTH;
    if (length < spanEnd
        || half > 0 && !HexIds.are(value, 0, half)
        || !HexIds.are(value, half, traceEnd)
        || value.charAt(traceEnd) != '-'
        || !HexIds.are(value, traceEnd + 1, spanEnd)) {
      return new Given.Broken();
    }
    Boolean sampled = null;
    if (length > spanEnd) {
      int flagEnd = spanEnd + 2;
      if (length < flagEnd || value.charAt(spanEnd) != '-' || !flag(value.charAt(spanEnd + 1))) {
        return new Given.Broken();
      }
      sampled = value.charAt(spanEnd + 1) != '0';
      boolean parent =
          length == flagEnd + 1 + LENGTH
              && value.charAt(flagEnd) == '-'
              && HexIds.are(value, flagEnd + 1, length);
      if (length > flagEnd && !parent) {
        return new Given.Broken();
      }
    }
    return new Given.Parent(
        HexIds.parse(value, 0, half),
        HexIds.parse(value, half, traceEnd),
        HexIds.parse(value, traceEnd + 1, spanEnd),
        sampled,
        "");
  }

  /** Whether it is one of accepted, denied and debug. */
  private static boolean flag(char c) {
    return c == '1' || c == '0' || c == 'd';
  }
}
