package dev.weft.codec;

import io.netty.buffer.ByteBuf;

/** What the first bytes of a plain connection look like, as Envoy's http_inspector sees them. */
public enum FirstBytes {
  NEED_MORE,
  HTTP_1_0,
  HTTP_1_1,
  H2C,
  OTHER;

  private static final byte[] PREFACE = MessageHead.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  private static final int MAX_METHOD = 32;
  private static final int MAX_LINE = 64 * 1024;

  /** Looks at the readable bytes; the reader index stays. */
  public static FirstBytes peek(ByteBuf in) {
    int from = in.readerIndex();
    int to = in.writerIndex();
    int same = 0;
    while (same < PREFACE.length && from + same < to && in.getByte(from + same) == PREFACE[same]) {
      same++;
    }
    if (same == PREFACE.length) {
      return H2C;
    }
    if (from + same == to) {
      return NEED_MORE;
    }
    int i = from;
    if (in.getByte(i) == '\r' && i + 1 < to && in.getByte(i + 1) == '\n') {
      i += 2;
    }
    int method = i;
    while (i < to && i - method <= MAX_METHOD && Ascii.is(in.getByte(i), Ascii.TOKEN)) {
      i++;
    }
    if (i == to) {
      return NEED_MORE;
    }
    if (i == method || i - method > MAX_METHOD || in.getByte(i) != ' ') {
      return OTHER;
    }
    i++;
    while (i < to && Ascii.is(in.getByte(i), Ascii.TARGET)) {
      i++;
    }
    if (i < to && in.getByte(i) != ' ') {
      return OTHER;
    }
    return i == to ? orGiveUp(to - from) : version(in, i + 1, to);
  }

  private static FirstBytes orGiveUp(int length) {
    return length > MAX_LINE ? OTHER : NEED_MORE;
  }

  private static FirstBytes version(ByteBuf in, int from, int to) {
    for (int i = 0; i < 7; i++) {
      if (from + i == to) {
        return NEED_MORE;
      }
      if (in.getByte(from + i) != "HTTP/1.".charAt(i)) {
        return OTHER;
      }
    }
    if (from + 7 == to) {
      return NEED_MORE;
    }
    return in.getByte(from + 7) == '0' ? HTTP_1_0 : HTTP_1_1;
  }
}
