package dev.weft.server.http;

import io.netty.buffer.ByteBuf;

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

  void reset() {
    prefix = 0;
    length = 0;
    left = 0;
    count = 0;
  }

  /** How many messages have begun. */
  long count() {
    return count;
  }

  /** Looks at a part of the body, which stays as it is. */
  void look(ByteBuf part) {
    int at = part.readerIndex();
    while (at < part.writerIndex()) {
      if (left > 0) {
        long passed = Math.min(left, part.writerIndex() - at);
        at += (int) passed;
        left -= passed;
        continue;
      }
      length = length << 8 | part.getByte(at++) & 0xff;
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
