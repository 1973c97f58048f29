package dev.weft.codec;

/** The rules of RFC 9112 (and limits of ours) that a message can break. */
public enum Violation {
  BAD_METHOD(400, "invalid request method"),
  BAD_TARGET(400, "invalid request target"),
  BAD_VERSION(400, "invalid HTTP version"),
  UNSUPPORTED_VERSION(505, "unsupported HTTP version"),
  BAD_STATUS_LINE(502, "invalid status line"),
  BARE_LF(400, "line feed without carriage return"),
  BARE_CR(400, "carriage return without line feed"),
  OBSOLETE_FOLD(400, "obsolete line folding"),
  SPACE_BEFORE_COLON(400, "white space between header name and colon"),
  BAD_HEADER_NAME(400, "invalid header name"),
  BAD_HEADER_VALUE(400, "invalid character in header value"),
  MISSING_PSEUDO_FIELD(400, "missing pseudo header field"),
  MISSING_HOST(400, "missing Host header"),
  DUPLICATE_HOST(400, "more than one Host header"),
  BAD_HOST(400, "invalid Host header"),
  BAD_CONTENT_LENGTH(400, "invalid Content-Length"),
  DUPLICATE_CONTENT_LENGTH(400, "more than one Content-Length"),
  LENGTH_AND_CHUNKED(400, "both Content-Length and Transfer-Encoding"),
  BAD_TRANSFER_ENCODING(400, "Transfer-Encoding does not end in chunked"),
  UNSUPPORTED_TRANSFER_ENCODING(501, "unsupported Transfer-Encoding"),
  BAD_CHUNK_SIZE(400, "invalid chunk size"),
  BAD_CHUNK_EXTENSION(400, "invalid chunk extension"),
  BAD_CHUNK_END(400, "chunk data is not followed by CRLF"),
  BAD_TRAILER(400, "invalid trailer"),
  TARGET_TOO_LONG(414, "request line too long"),
  HEAD_TOO_LARGE(431, "header fields too large"),
  TOO_MANY_HEADERS(431, "too many header fields"),
  UNASKED_UPGRADE(502, "switching protocols without having been asked to"),
  TOO_MANY_INTERIM(502, "too many interim responses"),
  BAD_CLIENT_HELLO(400, "invalid TLS client hello"),
  TRUNCATED(400, "connection closed inside a message");

  private final int status;
  private final String text;

  Violation(int status, String text) {
    this.status = status;
    this.text = text;
  }

  /** The status that answers a request which breaks the rule. */
  public int status() {
    return status;
  }

  /** A short text for people. */
  public String text() {
    return text;
  }

  ProtocolException exception() {
    return new ProtocolException(this);
  }
}
