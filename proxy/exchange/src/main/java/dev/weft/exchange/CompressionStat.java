package dev.weft.exchange;

/** What is counted of the answers that a compressor sees. */
public enum CompressionStat {
  COMPRESSED("compressed"),
  NOT_COMPRESSED("not_compressed"),
  /** Bytes of content that was compressed, as they came. */
  BYTES_BEFORE("total_uncompressed_bytes"),
  /** Bytes that came of it. */
  BYTES_AFTER("total_compressed_bytes"),
  TOO_SMALL("content_length_too_small"),
  /** Content with an entity tag is not compressed. */
  HAS_TAG("not_compressed_etag"),
  /** The client does not say what it takes. */
  NO_ACCEPT("no_accept_header"),
  /** It takes gzip by name. */
  ACCEPTED("header_compressor_used"),
  /** It takes everything. */
  ACCEPTED_AS_ANY("header_wildcard"),
  /** It likes content better as it is. */
  IDENTITY("header_identity"),
  /** It does not take gzip. */
  NOT_ACCEPTED("header_not_valid");

  private final String text;

  CompressionStat(String text) {
    this.text = text;
  }

  /** The end of the name of Envoy's counter. */
  public String text() {
    return text;
  }
}
