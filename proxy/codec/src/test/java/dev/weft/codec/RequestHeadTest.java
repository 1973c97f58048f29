package dev.weft.codec;

import static dev.weft.codec.MessageHead.Framing.CHUNKED;
import static dev.weft.codec.MessageHead.Framing.LENGTH;
import static dev.weft.codec.MessageHead.Framing.NONE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestHeadTest {
  private static final String GET =
      "GET /status/418?a=b HTTP/1.1\r\nHost: httpbin:8000\r\nUser-Agent:  curl/8 \r\n"
          + "X-Any: one\r\nx-any: two\r\n\r\n";

  record Refused(String technique, String message, Violation violation) {
    @Override
    public String toString() {
      return technique;
    }
  }

  static List<Refused> refused() {
    String post = "POST / HTTP/1.1\r\nHost: a\r\n";
    return List.of(
        new Refused(
            "cl_te",
            post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n",
            Violation.LENGTH_AND_CHUNKED),
        new Refused(
            "te_cl",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n",
            Violation.LENGTH_AND_CHUNKED),
        new Refused(
            "te_te_second_coding_obfuscated",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
            Violation.BAD_TRANSFER_ENCODING),
        new Refused(
            "te_xchunked",
            post + "Transfer-Encoding: xchunked\r\n\r\n",
            Violation.BAD_TRANSFER_ENCODING),
        new Refused(
            "te_chunked_not_last",
            post + "Transfer-Encoding: chunked, identity\r\n\r\n",
            Violation.BAD_TRANSFER_ENCODING),
        new Refused(
            "te_chunked_twice",
            post + "Transfer-Encoding: chunked, chunked\r\n\r\n",
            Violation.BAD_TRANSFER_ENCODING),
        new Refused(
            "te_vertical_tab",
            post + "Transfer-Encoding: \u000bchunked\r\n\r\n",
            Violation.BAD_HEADER_VALUE),
        new Refused(
            "te_space_before_colon",
            post + "Transfer-Encoding : chunked\r\n\r\n",
            Violation.SPACE_BEFORE_COLON),
        new Refused(
            "te_leading_space",
            post + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n",
            Violation.OBSOLETE_FOLD),
        new Refused(
            "te_folded", post + "Transfer-Encoding:\r\n chunked\r\n\r\n", Violation.OBSOLETE_FOLD),
        new Refused(
            "te_hidden_behind_bare_lf",
            post + "X: y\nTransfer-Encoding: chunked\r\n\r\n",
            Violation.BARE_LF),
        new Refused(
            "te_hidden_behind_bare_cr",
            post + "X: y\rTransfer-Encoding: chunked\r\n\r\n",
            Violation.BARE_CR),
        new Refused(
            "te_in_http_1_0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            Violation.BAD_TRANSFER_ENCODING),
        new Refused(
            "te_gzip_chunked",
            post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
            Violation.UNSUPPORTED_TRANSFER_ENCODING),
        new Refused(
            "cl_cl_different",
            post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            Violation.DUPLICATE_CONTENT_LENGTH),
        new Refused(
            "cl_cl_same",
            post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
            Violation.DUPLICATE_CONTENT_LENGTH),
        new Refused("cl_list", post + "Content-Length: 5, 5\r\n\r\n", Violation.BAD_CONTENT_LENGTH),
        new Refused("cl_plus", post + "Content-Length: +5\r\n\r\n", Violation.BAD_CONTENT_LENGTH),
        new Refused("cl_minus", post + "Content-Length: -5\r\n\r\n", Violation.BAD_CONTENT_LENGTH),
        new Refused("cl_hex", post + "Content-Length: 0x5\r\n\r\n", Violation.BAD_CONTENT_LENGTH),
        new Refused("cl_empty", post + "Content-Length:\r\n\r\n", Violation.BAD_CONTENT_LENGTH),
        new Refused(
            "cl_overflow",
            post + "Content-Length: 18446744073709551621\r\n\r\n",
            Violation.BAD_CONTENT_LENGTH),
        new Refused("nul_in_value", post + "X: a\0b\r\n\r\n", Violation.BAD_HEADER_VALUE),
        new Refused("nul_in_name", post + "X\0: a\r\n\r\n", Violation.BAD_HEADER_NAME),
        new Refused("empty_name", post + ": a\r\n\r\n", Violation.BAD_HEADER_NAME),
        new Refused("line_without_colon", post + "Xyz\r\n\r\n", Violation.BAD_HEADER_NAME),
        new Refused("no_host", "GET / HTTP/1.1\r\n\r\n", Violation.MISSING_HOST),
        new Refused(
            "two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", Violation.DUPLICATE_HOST),
        new Refused("host_with_space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", Violation.BAD_HOST),
        new Refused("host_with_slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", Violation.BAD_HOST),
        new Refused("host_with_user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", Violation.BAD_HOST),
        new Refused(
            "host_in_absolute_target_with_user",
            "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            Violation.BAD_TARGET),
        new Refused("bad_method", "G{T / HTTP/1.1\r\nHost: a\r\n\r\n", Violation.BAD_METHOD),
        new Refused("leading_space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", Violation.BAD_METHOD),
        new Refused("two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Violation.BAD_TARGET),
        new Refused("tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", Violation.BAD_METHOD),
        new Refused("space_in_target", "GET /a b HTTP/1.1\r\n\r\n", Violation.BAD_VERSION),
        new Refused("relative_target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", Violation.BAD_TARGET),
        new Refused("star_with_get", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", Violation.BAD_TARGET),
        new Refused("http_0_9", "GET /\r\n", Violation.BAD_TARGET),
        new Refused("http_0_9_bare", "GET /\n", Violation.BARE_LF),
        new Refused("http_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Violation.UNSUPPORTED_VERSION),
        new Refused("lower_case_http", "GET / http/1.1\r\n\r\n", Violation.BAD_VERSION),
        new Refused("long_version", "GET / HTTP/1.10\r\n\r\n", Violation.BAD_VERSION),
        new Refused("space_after_version", "GET / HTTP/1.1 \r\n\r\n", Violation.BAD_VERSION),
        new Refused("bare_lf_request_line", "GET / HTTP/1.1\nHost: a\n\n", Violation.BARE_LF),
        new Refused("bare_lf_ends_head", post + "\n", Violation.BARE_LF),
        new Refused("bare_cr_request_line", "GET / HTTP/1.1\rHost: a\r\n\r\n", Violation.BARE_CR),
        new Refused("two_empty_lines_before", "\r\n\r\n" + GET, Violation.BAD_METHOD));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void smuggling_technique_is_refused_however_the_bytes_arrive(Refused c) {
    byte[] bytes = c.message().getBytes(ISO_8859_1);
    for (int step : new int[] {Integer.MAX_VALUE, 1, 3}) {
      RequestHead head = new RequestHead(HeadLimits.DEFAULT);
      ProtocolException e =
          catchThrowableOfType(ProtocolException.class, () -> Wire.feed(head, bytes, step));
      assertThat(e).as("step %d", step).isNotNull();
      assertThat(e.violation()).as("step %d", step).isEqualTo(c.violation());
    }
  }

  @Test
  void parts_of_a_request_are_noted_wherever_the_bytes_are_split() {
    for (int step = 1; step <= GET.length(); step++) {
      RequestHead head = new RequestHead(HeadLimits.DEFAULT);
      assertThat(Wire.feed(head, (GET + "trailing").getBytes(ISO_8859_1), step)).isTrue();
      assertThat(head.end()).isEqualTo(GET.length());
      assertThat(head.method()).isEqualTo("GET");
      assertThat(head.path()).isEqualTo("/status/418?a=b");
      assertThat(head.authority()).isEqualTo("httpbin:8000");
      assertThat(head.value(KnownHeader.USER_AGENT)).isEqualTo("curl/8");
      assertThat(head.value("x-any")).isEqualTo("one,two");
      assertThat(head.value("x-none")).isNull();
      assertThat(head.framing()).isEqualTo(NONE);
      assertThat(head.persistent()).isTrue();
    }
  }

  @Test
  void one_empty_line_before_the_request_is_ignored() {
    assertThat(Wire.request("\r\n" + GET).path()).isEqualTo("/status/418?a=b");
  }

  @Test
  void absolute_target_overrides_host() {
    RequestHead head = Wire.request("GET http://b:81?x#f HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(head.authority()).isEqualTo("b:81");
    assertThat(head.path()).isEqualTo("/?x");
    assertThat(Wire.request("GET /a#f HTTP/1.1\r\nHost: a\r\n\r\n").path()).isEqualTo("/a");
    assertThat(Wire.request("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path()).isEqualTo("*");
    assertThat(Wire.request("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n").authority())
        .isEqualTo("a:1");
  }

  @Test
  void framing_and_persistence_follow_the_fields() {
    String post = "POST / HTTP/1.1\r\nHost: a\r\n";
    RequestHead length = Wire.request(post + "Content-Length: 007\r\n\r\n");
    assertThat(length.framing()).isEqualTo(LENGTH);
    assertThat(length.contentLength()).isEqualTo(7);
    assertThat(Wire.request(post + "Transfer-Encoding: Chunked\r\n\r\n").framing())
        .isEqualTo(CHUNKED);
    assertThat(Wire.request(post + "Connection: x, Close\r\n\r\n").persistent()).isFalse();
    assertThat(Wire.request("GET / HTTP/1.0\r\n\r\n").persistent()).isFalse();
    assertThat(Wire.request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").persistent())
        .isTrue();
    assertThat(Wire.request(post + "Expect: 100-Continue\r\n\r\n").expectContinue()).isTrue();
    assertThat(Wire.request(post + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n").upgrade())
        .isTrue();
    assertThat(Wire.request(post + "Upgrade: websocket\r\n\r\n").upgrade()).isFalse();
  }

  @Test
  void oversize_is_refused_with_the_status_that_says_which_part() {
    HeadLimits limits = new HeadLimits(256, 4);
    List<String> messages = new ArrayList<>();
    messages.add("GET /" + "a".repeat(300));
    messages.add("GET / HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(300));
    messages.add("GET / HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(300) + "\r\n\r\n");
    messages.add("GET / HTTP/1.1\r\nHost: a\r\na: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\n\r\n");
    List<Integer> statuses = new ArrayList<>();
    for (String message : messages) {
      ProtocolException e =
          catchThrowableOfType(
              ProtocolException.class,
              () -> Wire.feed(new RequestHead(limits), message.getBytes(ISO_8859_1), 16));
      statuses.add(e.violation().status());
    }
    assertThat(statuses).containsExactly(414, 431, 431, 431);
  }

  @Test
  void head_can_be_used_again() {
    RequestHead head = Wire.request("POST / HTTP/1.0\r\nContent-Length: 7\r\nX-A: b\r\n\r\n");
    head.reset();
    assertThat(Wire.feed(head, GET.getBytes(ISO_8859_1), 5)).isTrue();
    assertThat(head.framing()).isEqualTo(NONE);
    assertThat(head.contentLength()).isEqualTo(-1);
    assertThat(head.value("x-a")).isNull();
    assertThat(head.size()).isEqualTo(4);
  }
}
