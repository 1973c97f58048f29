package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.CompressionPolicy;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.runtime.HttpFilter.Compressor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers are compressed, and what their heads say of it. */
class CompressorFilterTest {
  private static final Map<String, String> HTML =
      Map.of("content-type", "text/html; charset=utf-8", "content-length", "100");

  private static final String STATS = "http.in.compressor.text.gzip";

  private static Compressor rules(boolean refusesTags, boolean hides) {
    return new Compressor(
        "compressor.text.gzip",
        true,
        -1,
        Compressor.Strategy.DEFAULT,
        30,
        List.of("text/html"),
        refusesTags,
        hides,
        List.of(404));
  }

  private static CompressorFilter filter(Compressor rules) {
    return new CompressorFilter(rules, STATS);
  }

  private static final CompressorFilter FILTER = filter(rules(false, false));

  private static Seen taking(String codings) {
    return Seen.get("/", Map.of("accept-encoding", codings));
  }

  private static Route route(CompressionPolicy policy) {
    return new Route(
        "r",
        RouteMatch.of(new PathMatch.Prefix("/", false)),
        RouteAction.Forward.to("app"),
        HeaderEdits.NONE,
        HeaderEdits.NONE,
        "",
        List.of(policy));
  }

  private static List<String> removed(Answering answering) {
    return answering.edits().stream().flatMap(e -> e.remove().stream()).toList();
  }

  private static List<String> added(Answering answering) {
    return answering.edits().stream()
        .flatMap(e -> e.edits().stream())
        .map(e -> e.name() + ": " + e.value())
        .toList();
  }

  private static boolean codes(Answered answer) {
    return codes(FILTER, answer);
  }

  private static boolean codes(CompressorFilter filter, Answered answer) {
    BodyCoder coder = filter.answer(answer).coder();
    if (coder != null) {
      coder.close();
    }
    return coder != null;
  }

  @Test
  void what_is_compressed_says_so_and_has_no_length_any_more() {
    Answering answering = FILTER.answer(Sent.to(taking("gzip"), HTML));
    assertThat(answering.coder()).isNotNull();
    assertThat(removed(answering)).containsExactly("content-length");
    assertThat(added(answering)).containsExactly("content-encoding: gzip", "vary: Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | true",
        "X-GZIP | true",
        "br, gzip;q=0.5 | true",
        "* | true",
        "deflate, *;q=0.1 | true",
        "identity, gzip | true",
        "gzip;q=0 | false",
        "*, gzip;q=0 | false",
        "identity;q=1, gzip;q=0.5 | false",
        "gzip;q=2 | false",
        "gzip;level=1 | false",
        "deflate, br | false",
        "'' | false",
      })
  void the_client_says_whether_it_takes_it(String codings, boolean taken) {
    assertThat(codes(Sent.to(taking(codings), HTML))).isEqualTo(taken);
  }

  @Test
  void who_takes_none_gets_what_there_is_and_caches_learn_that_others_may_not() {
    Answering answering = FILTER.answer(Sent.to(Seen.get("/", Map.of()), HTML));
    assertThat(answering.coder()).isNull();
    assertThat(added(answering)).containsExactly("vary: Accept-Encoding");
    assertThat(added(FILTER.answer(Sent.to(taking("br"), HTML).with("vary", "a, accept-encoding"))))
        .isEmpty();
  }

  @Test
  void what_must_not_change_or_has_changed_already_stays_as_it_is() {
    Sent answer = Sent.to(taking("gzip"), HTML);
    assertThat(
            List.of(
                answer.as(101),
                answer.as(204),
                answer.as(206),
                answer.as(304),
                answer.as(404),
                answer.with("content-encoding", "br"),
                answer.with("content-range", "bytes 0-9/10"),
                answer.with("cache-control", "public, no-transform"),
                answer.with("content-type", "application/grpc"),
                answer.with("content-type", "image/png"),
                answer.with("content-length", "29"),
                answer.with("transfer-encoding", "gzip, chunked")))
        .allSatisfy(each -> assertThat(FILTER.answer(each)).isEqualTo(Answering.AS_IT_IS));
    assertThat(codes(answer.withoutContent())).isFalse();
    assertThat(codes(answer.with("content-length", "30"))).isTrue();
    assertThat(codes(answer.with("transfer-encoding", "chunked"))).isTrue();
    assertThat(codes(Sent.to(taking("gzip"), Map.of()))).isTrue();
  }

  @Test
  void grpc_is_not_compressed_even_where_its_type_is_listed() {
    Compressor all =
        new Compressor(
            "compressor.text.gzip",
            true,
            1,
            Compressor.Strategy.FILTERED,
            0,
            List.of("application/grpc"),
            false,
            false,
            List.of());
    assertThat(
            codes(filter(all), Sent.to(taking("gzip"), Map.of("content-type", "application/grpc"))))
        .isFalse();
  }

  @Test
  void a_strong_tag_goes_and_a_weak_one_stays() {
    Sent answer = Sent.to(taking("gzip"), HTML);
    assertThat(removed(FILTER.answer(answer.with("etag", "\"1\"")))).contains("etag");
    assertThat(removed(FILTER.answer(answer.with("etag", "W/\"1\"")))).doesNotContain("etag");
    CompressorFilter refusing = filter(rules(true, false));
    assertThat(codes(refusing, answer.with("etag", "W/\"1\""))).isFalse();
    assertThat(codes(refusing, Sent.to(taking("gzip"), HTML))).isTrue();
  }

  private static String counted(Answered answer) {
    boolean unused = codes(filter(rules(true, false)), answer);
    return Objects.requireNonNull(answer.request().noted(STATS));
  }

  @Test
  void what_becomes_of_answers_is_counted_by_reason() {
    Sent answer = Sent.to(taking("gzip"), HTML);
    assertThat(counted(answer))
        .isEqualTo(
            "header_compressor_used compressed total_uncompressed_bytes=0 total_compressed_bytes=0");
    assertThat(counted(Sent.to(taking("*"), HTML))).startsWith("header_wildcard compressed");
    assertThat(counted(Sent.to(Seen.get("/", Map.of()), HTML)))
        .isEqualTo("no_accept_header not_compressed");
    assertThat(counted(Sent.to(taking("br"), HTML))).isEqualTo("header_not_valid not_compressed");
    assertThat(counted(Sent.to(taking("identity, gzip;q=0.5"), HTML)))
        .isEqualTo("header_identity not_compressed");
    assertThat(counted(Sent.to(taking("gzip"), HTML).with("content-length", "29")))
        .isEqualTo("content_length_too_small not_compressed");
    assertThat(counted(Sent.to(taking("gzip"), HTML).with("etag", "W/\"1\"")))
        .isEqualTo("not_compressed_etag header_compressor_used not_compressed");
    assertThat(counted(Sent.to(taking("gzip"), HTML).with("content-type", "image/png")))
        .isEqualTo("header_compressor_used not_compressed");
  }

  @Test
  void bytes_are_counted_when_the_answer_is_over() {
    Seen request = taking("gzip");
    BodyCoder coder = Objects.requireNonNull(FILTER.answer(Sent.to(request, HTML)).coder());
    int size = coder.code(ByteBuffer.wrap(new byte[300]), false).remaining();
    size += coder.code(ByteBuffer.wrap(new byte[700]), true).remaining();
    assertThat(request.noted(STATS)).doesNotContain("bytes");
    coder.close();
    assertThat(request.noted(STATS))
        .endsWith("total_uncompressed_bytes=1000 total_compressed_bytes=" + size);
  }

  @Test
  void beyond_the_places_answers_stay_as_they_are() {
    Sent answer = Sent.to(taking("gzip"), HTML);
    Answering first = FILTER.answer(answer);
    assertThat(FILTER.answer(answer).coder()).isNull();
    close(first.coder());
    assertThat(FILTER.answer(answer).coder()).isNotNull();
  }

  private static void close(@Nullable BodyCoder coder) {
    assertThat(coder).isNotNull();
    if (coder != null) {
      coder.close();
    }
  }

  @Test
  void endpoints_need_not_hear_of_it() {
    CompressorFilter hiding = filter(rules(false, true));
    Seen request = taking("gzip");
    assertThat(hiding.head(request))
        .isInstanceOfSatisfying(
            Step.Edit.class,
            edit -> assertThat(edit.change().removed()).containsExactly("accept-encoding"));
    Seen hidden = new Seen("/", Map.of(), null, 0, request.notes(), request.tokens());
    assertThat(codes(hiding, Sent.to(hidden, HTML))).isTrue();
    assertThat(hiding.head(request.on(route(new CompressionPolicy(null, false)))))
        .isEqualTo(Step.GO_ON);
  }

  @Test
  void a_route_turns_it_off_or_on() {
    assertThat(codes(Sent.to(taking("gzip").on(route(new CompressionPolicy(false, null))), HTML)))
        .isFalse();
    assertThat(codes(Sent.to(taking("gzip").on(route(new CompressionPolicy(null, true))), HTML)))
        .isTrue();
  }
}
