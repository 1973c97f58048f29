package dev.weft.exchange;

import dev.weft.routing.RequestView;
import dev.weft.runtime.Authorizer;
import dev.weft.types.HeaderText;
import dev.weft.xds.client.FieldException;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An authorizer that is asked by {@code envoy.service.auth.v3.Authorization/Check}. */
final class GrpcCheck {
  private static final String METHOD = "/envoy.service.auth.v3.Authorization/Check";
  private static final int PREFIX = 5;
  private static final int FORBIDDEN = 403;

  private GrpcCheck() {}

  /**
   * @param shown of the body; null for nothing
   */
  static Call call(
      Authorizer authorizer, Authorizer.Grpc grpc, Asked request, Step.@Nullable Held shown) {
    byte[] message = message(authorizer, request, shown);
    byte[] body =
        ByteBuffer.allocate(PREFIX + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    StringBuilder head =
        new StringBuilder(256)
            .append("POST " + METHOD + " HTTP/1.1\r\nhost: ")
            .append(grpc.authority())
            .append("\r\ncontent-type: application/grpc\r\nte: trailers\r\ngrpc-timeout: ")
            // At most eight digits (gRPC's PROTOCOL-HTTP2.md).
            .append(Math.clamp(authorizer.timeout().toMillis(), 1, 99_999_999))
            .append("m\r\ncontent-length: ")
            .append(body.length)
            .append("\r\n");
    grpc.added().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    return new Call(
        authorizer.cluster(), head.append("\r\n").toString(), body, true, authorizer.timeout());
  }

  private static byte[] message(Authorizer authorizer, Asked asked, Step.@Nullable Held shown) {
    return new ProtoWriter()
        .message(
            1,
            attributes ->
                attributes
                    .message(
                        1,
                        source -> {
                          address(source, asked.directAddress(), asked.sourcePort());
                          source.text(
                              4, asked.peerNames().isEmpty() ? "" : asked.peerNames().getFirst());
                        })
                    .message(
                        2,
                        destination -> {
                          address(destination, asked.destinationAddress(), asked.destinationPort());
                          destination.text(4, asked.ownName());
                        })
                    .message(
                        4,
                        request ->
                            request
                                .message(1, time -> time(time, asked.now()))
                                .message(2, http -> http(http, authorizer, asked, shown))))
        .toBytes();
  }

  private static void address(ProtoWriter peer, byte[] address, int port) {
    peer.message(1, a -> a.message(1, socket -> socket.text(2, text(address)).number(3, port)));
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }

  private static void time(ProtoWriter out, Instant now) {
    out.number(1, now.getEpochSecond()).number(2, now.getNano());
  }

  private static void http(
      ProtoWriter out, Authorizer authorizer, Asked asked, Step.@Nullable Held shown) {
    RequestView view = asked.request();
    String id = asked.id();
    out.text(1, id == null ? "" : id).text(2, view.method().toString());
    pair(out, authorizer, ":authority", view.authority().toString());
    pair(out, authorizer, ":method", view.method().toString());
    pair(out, authorizer, ":path", view.path().toString());
    pair(out, authorizer, ":scheme", view.scheme().toString());
    for (FieldList.Field field : asked.headers().fields()) {
      if (!field.name().equals("host") && !field.name().equals(ExternalFilter.PARTIAL)) {
        pair(out, authorizer, field.name(), field.value());
      }
    }
    CharSequence length = view.header("content-length");
    out.text(4, view.path().toString())
        .text(5, view.authority().toString())
        .text(6, view.scheme().toString())
        .number(9, length == null ? -1 : Long.parseLong(length.toString()))
        .text(10, asked.protocol());
    if (shown != null) {
      out.message(
          3,
          entry -> entry.text(1, ExternalFilter.PARTIAL).text(2, String.valueOf(!shown.whole())));
      if (authorizer.body() != null && authorizer.body().raw()) {
        out.bytes(12, shown.content());
      } else {
        out.text(11, new String(shown.content(), StandardCharsets.UTF_8));
      }
    }
  }

  private static void pair(ProtoWriter out, Authorizer authorizer, String name, String value) {
    if (authorizer.told() == null
        || authorizer.told().stream().anyMatch(match -> match.matches(name))) {
      out.message(3, entry -> entry.text(1, name).text(2, value));
    }
  }

  static Verdict verdict(Call.Answered answer) {
    String status = answer.trailers().first("grpc-status");
    if (status == null) {
      status = answer.headers().first("grpc-status");
    }
    byte[] body = answer.body();
    if (answer.status() != 200 || !"0".equals(status) || body.length < PREFIX || body[0] != 0) {
      return new Verdict.Failed();
    }
    int length = ByteBuffer.wrap(body).getInt(1);
    if (length != body.length - PREFIX) {
      return new Verdict.Failed();
    }
    byte[] message = new byte[length];
    System.arraycopy(body, PREFIX, message, 0, length);
    try {
      return read(ProtoFields.of(message, "CheckResponse"));
    } catch (FieldException e) {
      return new Verdict.Failed();
    }
  }

  private static Verdict read(ProtoFields in) {
    ProtoFields status = in.message(1, "status");
    if (status != null && status.integer(1) != 0) {
      ProtoFields denied = in.message(2, "denied_response");
      ProtoFields code = denied == null ? null : denied.message(1, "status");
      int answer = code == null || code.integer(1) == 0 ? FORBIDDEN : code.integer(1);
      if (answer < 200 || answer > 599) {
        return new Verdict.Failed();
      }
      return denied == null
          ? new Verdict.Denied(answer, List.of(), "")
          : new Verdict.Denied(answer, headers(denied, 2), denied.text(3));
    }
    ProtoFields ok = in.message(3, "ok_response");
    if (ok == null) {
      return new Verdict.Allowed(List.of(), List.of(), List.of(), List.of());
    }
    if (ok.has(7) || ok.has(8)) {
      // What an authorizer wants of a request is done as a whole, or the request stays outside.
      return new Verdict.Failed();
    }
    List<FieldList.Field> set = new ArrayList<>();
    List<FieldList.Field> more = new ArrayList<>();
    for (ProtoFields option : ok.messages(2, "headers")) {
      // Here it is false by default, other than wherever else the message is used.
      boolean append = option.wrappedBool(2, false);
      (append ? more : set).add(header(option));
    }
    return new Verdict.Allowed(
        set,
        more,
        ok.texts(5).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
        headers(ok, 6));
  }

  private static List<FieldList.Field> headers(ProtoFields in, int field) {
    return in.each(field, "headers", GrpcCheck::header);
  }

  /**
   * @throws FieldException where it is none that HTTP allows
   */
  private static FieldList.Field header(ProtoFields option) {
    ProtoFields header = option.required(1, "header");
    String name = header.text(1).toLowerCase(Locale.ROOT);
    String value =
        header.has(3) ? new String(header.bytes(3), StandardCharsets.ISO_8859_1) : header.text(2);
    if (!HeaderText.isName(name)
        || value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0 || c > 255)) {
      throw option.reject("header", "is none");
    }
    return new FieldList.Field(name, value);
  }
}
