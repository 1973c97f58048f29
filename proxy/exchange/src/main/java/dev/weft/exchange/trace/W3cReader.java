package dev.weft.exchange.trace;

/** {@code traceparent}: www.w3.org/TR/trace-context. */
final class W3cReader {
  /** Version, trace, span and flags with hyphens between them. */
  private static final int LENGTH = 55;

  private static final int TRACE = 3;
  private static final int SPAN = 36;
  private static final int FLAGS = 53;

  private W3cReader() {}

  static Given parent(CharSequence value) {
    if (value.length() != LENGTH
        || value.charAt(TRACE - 1) != '-'
        || value.charAt(SPAN - 1) != '-'
        || value.charAt(FLAGS - 1) != '-'
        || !HexIds.are(value, 0, TRACE - 1)
        || HexIds.parse(value, 0, TRACE - 1) == 0xff
        || !HexIds.are(value, TRACE, TRACE + HexIds.LENGTH)
        || !HexIds.are(value, TRACE + HexIds.LENGTH, SPAN - 1)
        || !HexIds.are(value, SPAN, FLAGS - 1)
        || !HexIds.are(value, FLAGS, LENGTH)) {
      return new Given.Broken();
    }
    long high = HexIds.parse(value, TRACE, TRACE + HexIds.LENGTH);
    long low = HexIds.parse(value, TRACE + HexIds.LENGTH, SPAN - 1);
    long span = HexIds.parse(value, SPAN, FLAGS - 1);
    boolean sampled = (HexIds.parse(value, FLAGS, LENGTH) & 1) != 0;
    return high == 0 && low == 0 || span == 0
        ? new Given.Broken()
        : new Given.Parent(high, low, span, sampled, "");
  }
}
