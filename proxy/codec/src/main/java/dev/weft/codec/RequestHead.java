package dev.weft.codec;

/** The head of a request. Confined to the connection that owns it. */
public final class RequestHead extends MessageHead {
  private static final byte[] CONTINUE = ascii("100-continue");

  private int methodStart;
  private int methodEnd;
  private int targetStart;
  private int targetEnd;
  private int pathStart;
  private int pathEnd;
  private int authorityStart;
  private int authorityEnd;
  private boolean absolute;
  private boolean expectContinue;

  /** Creates an empty head. */
  public RequestHead(HeadLimits limits) {
    super(limits);
  }

  @Override
  int startLine(byte[] b, int from, int length) {
    int i = from;
    if (i < length && b[i] == '\r') {
      // RFC 9112, 2.2: an empty line before the request line is ignored; one is enough.
      if (i != 0) {
        throw Violation.BAD_METHOD.exception();
      }
      return lineFeed(b, i, length);
    }
    methodStart = i;
    while (i < length && Ascii.is(b[i], Ascii.TOKEN)) {
      i++;
    }
    if (i == length) {
      return -1;
    }
    if (b[i] != ' ' || i == methodStart) {
      throw (b[i] == '\n' ? Violation.BARE_LF : Violation.BAD_METHOD).exception();
    }
    methodEnd = i++;
    targetStart = i;
    while (i < length && Ascii.is(b[i], Ascii.TARGET)) {
      i++;
    }
    if (i == length) {
      return -1;
    }
    if (b[i] != ' ' || i == targetStart) {
      throw (b[i] == '\n' ? Violation.BARE_LF : Violation.BAD_TARGET).exception();
    }
    targetEnd = i++;
    int next = version(b, i, length);
    if (next > 0) {
      target(b);
      startLineEnd = next;
    }
    return next;
  }

  private int version(byte[] b, int from, int length) {
    // "HTTP/1.x" CRLF
    int available = Math.min(length - from, 8);
    for (int i = 0; i < Math.min(available, 5); i++) {
      if (b[from + i] != "HTTP/".charAt(i)) {
        throw (b[from + i] == '\n' ? Violation.BARE_LF : Violation.BAD_VERSION).exception();
      }
    }
    if (available < 8) {
      return -1;
    }
    int major = b[from + 5] - '0';
    minor = b[from + 7] - '0';
    if (b[from + 6] != '.' || major < 0 || major > 9 || minor < 0 || minor > 9) {
      throw Violation.BAD_VERSION.exception();
    }
    if (major != 1) {
      throw Violation.UNSUPPORTED_VERSION.exception();
    }
    minor = Math.min(minor, 1);
    if (from + 8 == length) {
      return -1;
    }
    byte after = b[from + 8];
    if (after != '\r') {
      throw (after == '\n' ? Violation.BARE_LF : Violation.BAD_VERSION).exception();
    }
    return lineFeed(b, from + 8, length);
  }

  private void target(byte[] b) {
    absolute = false;
    authorityStart = -1;
    authorityEnd = -1;
    pathStart = targetStart;
    pathEnd = targetEnd;
    if (b[targetStart] == '/') {
      cutFragment(b);
      return;
    }
    if (isMethod("CONNECT")) {
      authority(b, targetStart, targetEnd);
      return;
    }
    if (b[targetStart] == '*') {
      if (targetEnd - targetStart != 1 || !isMethod("OPTIONS")) {
        throw Violation.BAD_TARGET.exception();
      }
      return;
    }
    int scheme = scheme(b);
    int slash = scheme;
    while (slash < targetEnd && b[slash] != '/' && b[slash] != '?' && b[slash] != '#') {
      slash++;
    }
    absolute = true;
    authority(b, scheme, slash);
    pathStart = slash;
    cutFragment(b);
  }

  private void cutFragment(byte[] b) {
    int hash = indexOf(b, (byte) '#', pathStart, targetEnd);
    if (hash >= 0) {
      pathEnd = hash;
    }
  }

  private int scheme(byte[] b) {
    int i = targetStart;
    for (String scheme : new String[] {"http://", "https://"}) {
      if (targetEnd - i > scheme.length()
          && Ascii.equalsIgnoreCase(ascii(scheme), b, i, i + scheme.length())) {
        return i + scheme.length();
      }
    }
    throw Violation.BAD_TARGET.exception();
  }

  private void authority(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Ascii.is(b[i], Ascii.HOST)) {
        throw Violation.BAD_TARGET.exception();
      }
    }
    if (from == to) {
      throw Violation.BAD_TARGET.exception();
    }
    authorityStart = from;
    authorityEnd = to;
  }

  @Override
  void finish() {
    noteFraming(true);
    int host = find(KnownHeader.HOST);
    if (host >= 0) {
      for (int i = valueStart(host); i < valueEnd(host); i++) {
        if (!Ascii.is(bytes[i], Ascii.HOST)) {
          throw Violation.BAD_HOST.exception();
        }
      }
      if (authorityStart < 0) {
        authorityStart = valueStart(host);
        authorityEnd = valueEnd(host);
      }
    } else if (minor == 1) {
      throw Violation.MISSING_HOST.exception();
    }
    int expect = find(KnownHeader.EXPECT);
    expectContinue =
        expect >= 0
            && minor == 1
            && Ascii.equalsIgnoreCase(CONTINUE, bytes, valueStart(expect), valueEnd(expect));
  }

  /** Whether the method is this one; methods are case-sensitive. */
  public boolean isMethod(String method) {
    if (methodEnd - methodStart != method.length()) {
      return false;
    }
    for (int i = 0; i < method.length(); i++) {
      if (bytes[methodStart + i] != method.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The method. */
  public String method() {
    return isMethod("GET") ? "GET" : text(methodStart, methodEnd);
  }

  /** Path and query without a fragment; {@code "*"} for the asterisk form. */
  public String path() {
    if (pathStart == pathEnd) {
      return "/";
    }
    // http://host?query has no path (RFC 9112, 3.2.2).
    String path = text(pathStart, pathEnd);
    return path.charAt(0) == '?' ? "/" + path : path;
  }

  /** Host and port that the request is for; empty where an HTTP/1.0 client names none. */
  public String authority() {
    return authorityStart < 0 ? "" : text(authorityStart, authorityEnd);
  }

  /** Whether the target was in absolute form, and so overrides {@code Host}. */
  public boolean absoluteForm() {
    return absolute;
  }

  /** Whether the client waits for {@code 100 Continue} before it sends the body. */
  public boolean expectContinue() {
    return expectContinue;
  }

  public int methodStart() {
    return methodStart;
  }

  public int methodEnd() {
    return methodEnd;
  }

  /** Whether the target needs no rewriting to go on in origin form. */
  boolean originForm() {
    return !absolute && pathEnd == targetEnd;
  }

  public int pathStart() {
    return pathStart;
  }

  public int pathEnd() {
    return pathEnd;
  }

  public int authorityStart() {
    return authorityStart;
  }

  public int authorityEnd() {
    return authorityEnd;
  }
}
