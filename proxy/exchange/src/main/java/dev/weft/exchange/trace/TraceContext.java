package dev.weft.exchange.trace;

/**
 * The span of a request, and the trace that it is a part of.
 *
 * @param high the first half of the trace's identifier; 0 where it has 64 bits
 * @param low the second one
 * @param parent the span that led to this one; 0 for none
 * @param sampled whether the span is reported
 * @param state {@code tracestate} of the client; may be empty
 */
public record TraceContext(
    long high, long low, long span, long parent, boolean sampled, String state) {

  /** The identifier of the trace: 16 or 32 digits. */
  public String traceId() {
    StringBuilder out = new StringBuilder(2 * HexIds.LENGTH);
    if (high != 0) {
      HexIds.append(out, high);
    }
    return HexIds.append(out, low).toString();
  }

  /** The identifier of the trace with all its 32 digits. */
  String longTraceId() {
    return HexIds.append(HexIds.append(new StringBuilder(2 * HexIds.LENGTH), high), low).toString();
  }

  String spanId() {
    return hex(span);
  }

  String parentId() {
    return hex(parent);
  }

  private static String hex(long id) {
    return HexIds.append(new StringBuilder(HexIds.LENGTH), id).toString();
  }
}
