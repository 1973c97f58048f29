package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.exchange.FieldList.Field;
import dev.weft.routing.StringMatch;
import dev.weft.runtime.Authorizer;
import dev.weft.xds.client.ProtoWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the answers of authorizers mean. */
class CheckTest {
  private static final FieldList NONE = new FieldList(List.of());

  private static Authorizer.Http http(List<StringMatch> upstream) {
    return new Authorizer.Http("", Map.of(), upstream, List.of(), List.of(), List.of());
  }

  private static Call.Answered answered(int status, String body, Field... headers) {
    return new Call.Answered(
        status, new FieldList(List.of(headers)), body.getBytes(StandardCharsets.ISO_8859_1), NONE);
  }

  private static Verdict grpc(String status, byte[] message) {
    byte[] body =
        ByteBuffer.allocate(5 + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    return GrpcCheck.verdict(
        new Call.Answered(
            200, NONE, body, new FieldList(List.of(new Field("grpc-status", status)))));
  }

  @Test
  void by_http_only_200_lets_in_and_only_what_is_listed_goes_on() {
    Field user = new Field("x-user", "u");
    Field other = new Field("x-other", "o");
    assertThat(
            HttpCheck.verdict(
                http(List.of(new StringMatch.Exact("X-User", true))),
                answered(200, "", user, other)))
        .isEqualTo(new Verdict.Allowed(List.of(user), List.of(), List.of(), List.of()));
    assertThat(HttpCheck.verdict(http(List.of()), answered(204, "")))
        .isEqualTo(new Verdict.Denied(204, List.of(), ""));
  }

  @Test
  void by_http_a_denial_is_passed_on_with_its_challenge() {
    Field challenge = new Field("www-authenticate", "Basic");
    assertThat(
            HttpCheck.verdict(
                http(List.of()), answered(401, "who?", challenge, new Field("x-a", "b"))))
        .isEqualTo(new Verdict.Denied(401, List.of(challenge), "who?"));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void by_http_an_authorizer_in_trouble_says_nothing(int status) {
    assertThat(HttpCheck.verdict(http(List.of()), answered(status, "")))
        .isEqualTo(new Verdict.Failed());
  }

  @Test
  void by_grpc_the_status_in_the_message_decides() {
    assertThat(grpc("0", new byte[0]))
        .isEqualTo(new Verdict.Allowed(List.of(), List.of(), List.of(), List.of()));
    assertThat(grpc("0", new ProtoWriter().message(1, s -> s.number(1, 7)).toBytes()))
        .isEqualTo(new Verdict.Denied(403, List.of(), ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "14"})
  void by_grpc_a_call_that_failed_says_nothing(String status) {
    assertThat(grpc(status, new byte[0])).isEqualTo(new Verdict.Failed());
  }

  @Test
  void by_grpc_what_is_no_message_or_no_header_or_cannot_be_done_says_nothing() {
    assertThat(grpc("0", new byte[] {(byte) 0xff})).isEqualTo(new Verdict.Failed());
    assertThat(grpc("0", ok(2, header("x-a", "b\r\nc: d")))).isEqualTo(new Verdict.Failed());
    assertThat(grpc("0", ok(2, header(":path", "/")))).isEqualTo(new Verdict.Failed());
    assertThat(grpc("0", ok(8, "q".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(new Verdict.Failed());
  }

  private static byte[] ok(int field, byte[] value) {
    return new ProtoWriter().message(3, ok -> ok.bytes(field, value)).toBytes();
  }

  private static byte[] header(String name, String value) {
    return new ProtoWriter().message(1, h -> h.text(1, name).text(2, value)).toBytes();
  }

  @Test
  void a_change_after_another_one_counts() {
    HeadChange first = HeadChange.of(Set.of("a"), Map.of("b", "1"));
    HeadChange both = first.then(HeadChange.of(Set.of("b"), Map.of("c", "2")));
    assertThat(both.removed()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(both.added()).isEqualTo(Map.of("c", "2"));
  }
}
