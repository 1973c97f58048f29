package dev.weft.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class HeadOverlayTest {
  private final HeadOverlay overlay = new HeadOverlay();

  @Test
  void untouched_bytes_go_out_as_they_came() {
    String text = "GET /x HTTP/1.1\r\nhOST:  a \r\nX: y\r\n\r\n";
    assertThat(write(text)).isEqualTo(text);
    assertThat(write("\r\n" + text)).isEqualTo(text);
  }

  @Test
  void an_old_request_goes_out_in_our_version() {
    assertThat(write("GET /x HTTP/1.0\r\nHost: a\r\n\r\n"))
        .isEqualTo("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(write("GET http://b/x HTTP/1.0\r\n\r\n"))
        .isEqualTo("GET /x HTTP/1.1\r\nhost: b\r\n\r\n");
  }

  @Test
  void all_fields_of_a_family_go() {
    String text = "GET / HTTP/1.1\r\nX-Envoy-A: 1\r\nHost: a\r\nx-envoy: 2\r\nx-ENVOY-b:\r\n\r\n";
    overlay.removeAll(Wire.request(text), "x-envoy-".getBytes(ISO_8859_1));
    assertThat(write(text)).isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nx-envoy: 2\r\n\r\n");
  }

  @Test
  void what_is_asked_for_by_name_is_what_is_there_by_now() {
    String text = "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\nX-Two: 3\r\n\r\n";
    byte[] one = "x-one".getBytes(ISO_8859_1);
    overlay.add("X-One", "4");
    overlay.add("x-one-more", "5");
    assertThat(overlay.value(Wire.request(text), one)).isEqualTo("1,2,4");
    overlay.drop(Wire.request(text), one);
    assertThat(overlay.has(Wire.request(text), one)).isFalse();
    assertThat(overlay.value(Wire.request(text), one)).isNull();
    overlay.add("x-one", "");
    assertThat(overlay.value(Wire.request(text), one)).isEmpty();
    overlay.drop(Wire.request(text), "x-two".getBytes(ISO_8859_1));
    assertThat(write(text))
        .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nx-one-more: 5\r\nx-one: \r\n\r\n");
  }

  @Test
  void a_field_that_was_added_or_dropped_after_the_mark_is_known() {
    String text = "GET / HTTP/1.1\r\nHost: a\r\nServer: b\r\n\r\n";
    byte[] server = "server".getBytes(ISO_8859_1);
    overlay.add("x-before", "1");
    overlay.mark();
    assertThat(overlay.hasByNow(Wire.request(text), KnownHeader.SERVER)).isTrue();
    assertThat(overlay.hasByNow(Wire.request(text), KnownHeader.DATE)).isFalse();
    overlay.drop(Wire.request(text), server);
    overlay.drop(Wire.request(text), "x-before".getBytes(ISO_8859_1));
    assertThat(overlay.hasByNow(Wire.request(text), KnownHeader.SERVER)).isFalse();
    overlay.add("server", "c");
    assertThat(overlay.hasByNow(Wire.request(text), KnownHeader.SERVER)).isTrue();
    assertThat(write(text)).isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nserver: c\r\n\r\n");
  }

  @Test
  void hop_by_hop_fields_go_and_what_connection_names_with_them() {
    overlay.removeHopByHop(
        Wire.request(
            "GET / HTTP/1.1\r\nConnection: close, X-Secret\r\nHost: a\r\nKeep-Alive: 5\r\n"
                + "Proxy-Connection: x\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Secret: 1\r\n\r\n"),
        false);
    assertThat(
            write(
                "GET / HTTP/1.1\r\nConnection: close, X-Secret\r\nHost: a\r\nKeep-Alive: 5\r\n"
                    + "Proxy-Connection: x\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Secret: 1\r\n\r\n"))
        .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  void connection_cannot_strip_host_framing_or_forwarding_fields() {
    String text =
        "POST / HTTP/1.1\r\nConnection: host, content-length, x-forwarded-for\r\nHost: a\r\n"
            + "Content-Length: 5\r\nX-Forwarded-For: b\r\nX-Other: c\r\n\r\n";
    overlay.removeHopByHop(Wire.request(text), false);
    assertThat(write(text))
        .isEqualTo(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-Forwarded-For: b\r\n"
                + "X-Other: c\r\n\r\n");
  }

  @Test
  void fields_are_replaced_and_added_and_the_target_is_rewritten() {
    String text = "GET /old?q HTTP/1.1\r\nHost: a\r\nX: 1\r\nB: 2\r\nX: 3\r\n\r\n";
    overlay.remove(Wire.request(text), "x".getBytes(ISO_8859_1));
    overlay.add("x", "4");
    overlay.addNumber("n: ".getBytes(ISO_8859_1), 1090);
    overlay.path("/new?q");
    overlay.authority("b:80");
    assertThat(write(text))
        .isEqualTo("GET /new?q HTTP/1.1\r\nhost: b:80\r\nB: 2\r\nx: 4\r\nn: 1090\r\n\r\n");
  }

  @Test
  void absolute_target_goes_on_in_origin_form() {
    assertThat(write("GET http://b?x#f HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n"))
        .isEqualTo("GET /?x HTTP/1.1\r\nhost: b\r\nX: 1\r\n\r\n");
  }

  @Test
  void response_carries_our_version() {
    ResponseHead head = Wire.response("HTTP/1.0 200 OK\r\nServer: x\r\n\r\n");
    overlay.remove(head, KnownHeader.SERVER);
    ByteBuf out = Unpooled.buffer();
    overlay.writeTo(head, out);
    assertThat(out.toString(ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
  }

  private String write(String text) {
    ByteBuf out = Unpooled.buffer();
    overlay.writeTo(Wire.request(text), out);
    return out.toString(ISO_8859_1);
  }
}
