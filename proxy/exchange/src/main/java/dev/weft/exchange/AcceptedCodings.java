package dev.weft.exchange;

import java.util.Locale;

/**
 * How much a client likes some encodings of content: 0, not at all, to 1000; -1 where it says
 * nothing (RFC 9110, 12.5.3).
 */
record AcceptedCodings(int ofGzip, int ofIdentity, int ofOthers) {
  private static final int MOST = 1000;
  private static final int UNSAID = -1;

  /** Reads {@code Accept-Encoding}; an element that makes no sense is left out. */
  static AcceptedCodings of(String header) {
    int gzip = UNSAID;
    int identity = UNSAID;
    int others = UNSAID;
    for (String element : header.split(",")) {
      int semicolon = element.indexOf(';');
      String coding = (semicolon < 0 ? element : element.substring(0, semicolon)).strip();
      int weight = semicolon < 0 ? MOST : weight(element.substring(semicolon + 1).strip());
      if (weight != UNSAID) {
        switch (coding.toLowerCase(Locale.ROOT)) {
          case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
          case "identity" -> identity = weight;
          case "*" -> others = weight;
          default -> {}
        }
      }
    }
    return new AcceptedCodings(gzip, identity, others);
  }

  private static int weight(String parameter) {
    String lower = parameter.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("q=")) {
      return UNSAID;
    }
    try {
      double weight = Double.parseDouble(lower.substring(2).strip());
      return weight >= 0 && weight <= 1 ? (int) Math.round(weight * MOST) : UNSAID;
    } catch (NumberFormatException e) {
      return UNSAID;
    }
  }

  /** Whether gzip has no weight of its own. */
  boolean gzipAsAny() {
    return ofGzip == UNSAID;
  }

  /** Whether content as it is would be taken, and is liked better than gzip. */
  boolean ratherIdentity() {
    return ofIdentity > 0 && ofIdentity > (ofGzip == UNSAID ? ofOthers : ofGzip);
  }

  /** Whether gzip is taken, and not liked less than content as it is. */
  boolean gzip() {
    int weight = ofGzip == UNSAID ? ofOthers : ofGzip;
    return weight > 0 && weight >= ofIdentity;
  }
}
