package dev.weft.codec;

/**
 * Bounds of a message head. Envoy's defaults: 60 KiB, 100 fields.
 *
 * @param maxHeadBytes of start line and header fields together
 * @param maxHeaders number of header fields
 */
public record HeadLimits(int maxHeadBytes, int maxHeaders) {
  /** Envoy's defaults. */
  public static final HeadLimits DEFAULT = new HeadLimits(60 * 1024, 100);

  public HeadLimits {
    if (maxHeadBytes < 64 || maxHeadBytes > 1 << 24) {
      throw new IllegalArgumentException("maxHeadBytes " + maxHeadBytes + " is not in 64-16777216");
    }
    if (maxHeaders < 1 || maxHeaders > HeaderFields.MAX_HEADERS) {
      throw new IllegalArgumentException(
          "maxHeaders " + maxHeaders + " is not in 1-" + HeaderFields.MAX_HEADERS);
    }
  }
}
