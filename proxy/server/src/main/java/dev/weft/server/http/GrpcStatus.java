package dev.weft.server.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import java.nio.charset.StandardCharsets;

/** How a gRPC call ended, where an answer says so. */
final class GrpcStatus {
  /** Nothing is said of it. */
  static final int UNKNOWN = -1;

  private GrpcStatus() {}

  /** What the head of an answer says. */
  static int of(ResponseHead head) {
    int index = head.find(KnownHeader.GRPC_STATUS);
    return index < 0 ? UNKNOWN : number(head.bytes(), head.valueStart(index), head.valueEnd(index));
  }

  /** What follows the content of an answer says. */
  static int of(Trailers trailers) {
    String status = trailers.value(KnownHeader.GRPC_STATUS.text());
    return status == null
        ? UNKNOWN
        : number(status.getBytes(StandardCharsets.ISO_8859_1), 0, status.length());
  }

  /** One or two digits; anything else says nothing. */
  private static int number(byte[] text, int from, int to) {
    if (from == to || to - from > 2) {
      return UNKNOWN;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return UNKNOWN;
      }
      value = value * 10 + text[i] - '0';
    }
    return value;
  }

  /** What a status of HTTP is to a gRPC client: {@code http-grpc-status-mapping.md} of gRPC. */
  static int ofHttp(int status) {
    return switch (status) {
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }
}
