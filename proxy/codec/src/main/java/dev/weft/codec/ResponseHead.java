package dev.weft.codec;

/** The head of a response. Confined to the connection that owns it. */
public final class ResponseHead extends MessageHead {
  private int status;

  /** Creates an empty head. */
  public ResponseHead(HeadLimits limits) {
    super(limits);
  }

  @Override
  int startLine(byte[] b, int from, int length) {
    // "HTTP/1.x " 3DIGIT [ SP reason ] CRLF
    int available = Math.min(length - from, 12);
    for (int i = 0; i < Math.min(available, 7); i++) {
      if (b[from + i] != "HTTP/1.".charAt(i)) {
        throw Violation.BAD_STATUS_LINE.exception();
      }
    }
    if (available < 12) {
      return -1;
    }
    minor = b[from + 7] - '0';
    status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = b[from + i] - '0';
      if (digit < 0 || digit > 9) {
        throw Violation.BAD_STATUS_LINE.exception();
      }
      status = status * 10 + digit;
    }
    if (minor < 0 || minor > 1 || b[from + 8] != ' ' || status < 100 || status > 599) {
      throw Violation.BAD_STATUS_LINE.exception();
    }
    int i = from + 12;
    if (i < length && b[i] != ' ' && b[i] != '\r') {
      throw Violation.BAD_STATUS_LINE.exception();
    }
    while (i < length && Ascii.is(b[i], Ascii.FIELD)) {
      i++;
    }
    if (i == length) {
      return -1;
    }
    if (b[i] != '\r') {
      throw (b[i] == '\n' ? Violation.BARE_LF : Violation.BAD_STATUS_LINE).exception();
    }
    int next = lineFeed(b, i, length);
    if (next > 0) {
      startLineEnd = next;
    }
    return next;
  }

  @Override
  void finish() {
    noteFraming(false);
    if (framing == Framing.NONE && contentLength < 0) {
      framing = Framing.UNTIL_CLOSE;
    }
  }

  /** 100 to 599. */
  public int status() {
    return status;
  }

  /** Whether the final response is still to come; 101 is final. */
  public boolean interim() {
    return status < 200 && status != 101;
  }

  /** The framing of the body that answers a request with this method (RFC 9112, 6.3). */
  public Framing framingOf(boolean answersHead) {
    return answersHead || status < 200 || status == 204 || status == 304 ? Framing.NONE : framing;
  }
}
