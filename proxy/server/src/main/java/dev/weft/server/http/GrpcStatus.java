package dev.weft.server.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;

/** How a gRPC call ended, where an answer says so. */
final class GrpcStatus {
  /** Nothing is said of it. */
  static final int UNKNOWN = -1;

  private GrpcStatus() {}

  /** What the head of an answer says. */
  static int of(ResponseHead head) {
    int index = head.find(KnownHeader.GRPC_STATUS);
    if (index < 0 || head.valueEnd(index) - head.valueStart(index) > 2) {
      return UNKNOWN;
    }
    int value = 0;
    for (int i = head.valueStart(index); i < head.valueEnd(index); i++) {
      value = value * 10 + head.bytes()[i] - '0';
    }
    return value;
  }

  /** What follows the content of an answer says. */
  static int of(Trailers trailers) {
    String status = trailers.value(KnownHeader.GRPC_STATUS.text());
    return status != null && status.length() <= 2 && status.chars().allMatch(Character::isDigit)
        ? Integer.parseInt(status)
        : UNKNOWN;
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
