package dev.weft.exchange;

import java.nio.ByteBuffer;

/**
 * Counts the messages of a gRPC body: each has a byte of flags and a length of four bytes in front
 * (Length-Prefixed-Message of gRPC's PROTOCOL-HTTP2.md). Confined to its exchange.
 */
final class GrpcMessages {
  private static final int PREFIX = 5;

  private int prefix;
  private long length;
  private long left;
  private long count;

  /** How many messages have begun. */
  long count() {
    return count;
  }

  /** Looks at a part of the body. */
  void look(ByteBuffer part) {
    int at = part.position();
    while (at < part.limit()) {
      if (left > 0) {
        long passed = Math.min(left, part.limit() - at);
        at += (int) passed;
        left -= passed;
        continue;
      }
      length = length << 8 | part.get(at++) & 0xff;
      if (++prefix == 1) {
        length = 0;
      } else if (prefix == PREFIX) {
        count++;
        left = length;
        prefix = 0;
        length = 0;
      }
    }
  }
}
