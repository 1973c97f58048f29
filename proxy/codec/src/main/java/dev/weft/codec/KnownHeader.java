package dev.weft.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Header fields that framing, routing or telemetry look at; their places are noted in one pass. */
public enum KnownHeader {
  HOST("host"),
  CONTENT_LENGTH("content-length"),
  TRANSFER_ENCODING("transfer-encoding"),
  CONNECTION("connection"),
  UPGRADE("upgrade"),
  EXPECT("expect"),
  TE("te"),
  TRAILER("trailer"),
  KEEP_ALIVE("keep-alive"),
  PROXY_CONNECTION("proxy-connection"),
  DATE("date"),
  SERVER("server"),
  CONTENT_TYPE("content-type"),
  USER_AGENT("user-agent"),
  X_REQUEST_ID("x-request-id"),
  X_FORWARDED_FOR("x-forwarded-for"),
  X_FORWARDED_PROTO("x-forwarded-proto"),
  X_FORWARDED_CLIENT_CERT("x-forwarded-client-cert"),
  X_ENVOY_PEER_METADATA("x-envoy-peer-metadata"),
  X_ENVOY_PEER_METADATA_ID("x-envoy-peer-metadata-id"),
  X_ENVOY_UPSTREAM_SERVICE_TIME("x-envoy-upstream-service-time"),
  X_ENVOY_DECORATOR_OPERATION("x-envoy-decorator-operation"),
  X_ENVOY_ATTEMPT_COUNT("x-envoy-attempt-count"),
  X_ENVOY_ORIGINAL_PATH("x-envoy-original-path"),
  X_ENVOY_INTERNAL("x-envoy-internal"),
  X_ENVOY_EXTERNAL_ADDRESS("x-envoy-external-address"),
  X_B3_TRACEID("x-b3-traceid"),
  X_WEFT_UNDELIVERED("x-weft-undelivered"),
  GRPC_STATUS("grpc-status");

  private static final KnownHeader[] ALL = values();
  static final int COUNT = ALL.length;
  // Open addressing by the hash that the parser computes while it checks the name.
  private static final @Nullable KnownHeader[] TABLE = table();

  private final byte[] lower;
  private final String text;

  KnownHeader(String text) {
    this.text = text;
    this.lower = text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The name in lower case. */
  public String text() {
    return text;
  }

  byte[] lower() {
    return lower;
  }

  static KnownHeader at(int ordinal) {
    return ALL[ordinal];
  }

  static int hash(int hash, byte b) {
    return hash * 31 + (b | 0x20);
  }

  static @Nullable KnownHeader find(int hash, byte[] bytes, int from, int to) {
    for (int slot = slot(hash); ; slot = (slot + 1) & 127) {
      KnownHeader candidate = TABLE[slot];
      if (candidate == null) {
        return null;
      }
      if (Ascii.equalsIgnoreCase(candidate.lower, bytes, from, to)) {
        return candidate;
      }
    }
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 7 ^ hash >>> 15) & 127;
  }

  private static @Nullable KnownHeader[] table() {
    @Nullable KnownHeader[] table = new @Nullable KnownHeader[128];
    for (KnownHeader header : ALL) {
      int hash = 0;
      for (byte b : header.lower) {
        hash = hash(hash, b);
      }
      int slot = slot(hash);
      while (table[slot] != null) {
        slot = (slot + 1) & 127;
      }
      table[slot] = header;
    }
    return table;
  }
}
