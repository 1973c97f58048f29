package dev.weft.server.http;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.ReasonPhrase;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.exchange.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A response that nobody but this proxy gives.
 *
 * @param head complete; the framing is that of a body of known length
 */
record LocalReply(ResponseHead head, byte[] body) {
  private static final HeadLimits LIMITS = new HeadLimits(1 << 20, 200);
  private static final String GRPC_STATUS = "grpc-status:";
  private static final byte[] NOTHING = new byte[0];

  /** In plain text. */
  static LocalReply plain(int status, String text, List<String> lines) {
    byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
    StringBuilder out = new StringBuilder(256);
    start(status, out).append("content-length: ").append(body.length).append("\r\n");
    if (body.length > 0 && lines.stream().noneMatch(line -> line.startsWith("content-type:"))) {
      out.append("content-type: text/plain\r\n");
    }
    return of(out, lines, body);
  }

  /** As a gRPC client understands it: by the status of the call, and without a body. */
  static LocalReply grpc(int status, String text, List<String> lines) {
    StringBuilder out = new StringBuilder(256);
    start(200, out).append("content-type: application/grpc\r\ncontent-length: 0\r\n");
    if (lines.stream().noneMatch(line -> line.startsWith(GRPC_STATUS))) {
      out.append(GRPC_STATUS).append(' ').append(GrpcStatus.ofHttp(status)).append("\r\n");
    }
    if (!text.isEmpty()) {
      out.append("grpc-message: ").append(percentEncoded(text)).append("\r\n");
    }
    return of(out, lines, NOTHING);
  }

  /** The client may send what it holds back (RFC 9110, 10.1.1). */
  static ResponseHead goOn() {
    return of(start(100, new StringBuilder(32)), List.of(), NOTHING).head();
  }

  /** How a call ends whose answer has begun: the status comes after what was sent of it. */
  static Trailers grpcEnd(Step.Reply reply) {
    String status =
        reply.headers().stream()
            .filter(line -> line.startsWith(GRPC_STATUS))
            .map(line -> line.substring(GRPC_STATUS.length()).strip())
            .findFirst()
            .orElseGet(() -> String.valueOf(GrpcStatus.ofHttp(reply.status())));
    return new Trailers(
        List.of(
            new Trailers.Field("grpc-status", status),
            new Trailers.Field("grpc-message", percentEncoded(reply.text()))));
  }

  /** {@code Percent-Encoded} of gRPC's PROTOCOL-HTTP2.md. */
  private static String percentEncoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  private static StringBuilder start(int status, StringBuilder out) {
    return out.append("HTTP/1.1 ")
        .append(status)
        .append(' ')
        .append(ReasonPhrase.of(status))
        .append("\r\n");
  }

  private static LocalReply of(StringBuilder out, List<String> lines, byte[] body) {
    for (String line : lines) {
      out.append(line).append("\r\n");
    }
    byte[] bytes = out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    ResponseHead head = new ResponseHead(LIMITS);
    head.parse(bytes, bytes.length);
    return new LocalReply(head, body);
  }
}
