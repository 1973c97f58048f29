package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demand.Demand;
import dev.weft.demand.Demands;
import dev.weft.runtime.NameTable;
import dev.weft.xds.XdsType;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsAnswererTest {
  private static final String DOMAIN = "default.svc.cluster.local";

  private static final NameTable TABLE =
      new NameTable(
          Map.of(
              "httpbin.default.svc.cluster.local",
              new NameTable.Entry(List.of("240.240.0.1"), "httpbin", "default"),
              "cart.shop.svc.cluster.local",
              new NameTable.Entry(List.of("240.240.0.2"), "cart", "shop"),
              "example.com",
              new NameTable.Entry(List.of("240.240.0.3"), "", ""),
              "*.wild.example",
              new NameTable.Entry(List.of("240.240.0.4"), "", "")),
          true);

  private static DnsAnswerer answerer(NameTable table) {
    return new DnsAnswerer(
        new MeshNames(table, DOMAIN, List.of(DOMAIN, "svc.cluster.local")),
        Demands.none(),
        new SplittableRandom(1));
  }

  private static List<String> ask(String name, int type) {
    byte[] query = Query.of(name, type);
    return switch (answerer(TABLE).decide(query, true, true)) {
      case DnsAnswerer.Decision.Answer answer -> {
        assertThat(Query.code(answer.message())).isZero();
        yield Query.records(answer.message(), query);
      }
      case DnsAnswerer.Decision.Ask ask -> List.of("ask");
      case DnsAnswerer.Decision.Forward forward -> List.of("forward");
      case DnsAnswerer.Decision.Drop drop -> List.of("drop");
    };
  }

  @ParameterizedTest
  @CsvSource({
    "httpbin, A 240.240.0.1",
    "HTTPBIN.Default, A 240.240.0.1",
    "httpbin.default.svc, A 240.240.0.1",
    "httpbin.default.svc.cluster.local, A 240.240.0.1",
    "cart, forward",
    "cart.shop, A 240.240.0.2",
    "example.com, A 240.240.0.3",
    "a.b.wild.example, A 240.240.0.4",
    "wild.example, forward",
    "kubernetes.io, forward",
  })
  void short_and_full_names_are_answered(String name, String expected) {
    assertThat(ask(name, DnsQuestion.A)).containsExactly(expected);
  }

  @Test
  void a_name_with_the_first_search_domain_behind_it_is_an_alias() {
    assertThat(ask("example.com.default.svc.cluster.local", DnsQuestion.A))
        .containsExactly("CNAME example.com", "A 240.240.0.3");
  }

  @Test
  void a_question_for_the_other_family_gets_nothing_and_no_error() {
    assertThat(ask("httpbin", DnsQuestion.AAAA)).isEmpty();
    assertThat(ask("httpbin", DnsQuestion.ANY)).containsExactly("A 240.240.0.1");
  }

  /** What the client is told where a nameserver says this code of a question. */
  private static byte[] settled(String name, int type, int code) {
    byte[] query = Query.of(name, type);
    byte[] reply = query.clone();
    reply[2] |= (byte) 0x80;
    reply[3] = (byte) code;
    return ((DnsAnswerer.Decision.Forward) answerer(TABLE).decide(query, true, true))
        .settled(reply);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 15, 33, 65, 6})
  void other_types_of_a_name_of_the_mesh_are_the_nameservers_but_the_name_exists(int type) {
    byte[] query = Query.of("cart.shop", type);
    byte[] told = settled("cart.shop", type, DnsMessages.NXDOMAIN);
    assertThat(Query.code(told)).isZero();
    assertThat(Query.records(told, query)).isEmpty();
    assertThat(Query.soaDomain(told, query)).isEqualTo("shop");
    assertThat(Query.code(settled("cart.shop", type, DnsMessages.SERVFAIL)))
        .isEqualTo(DnsMessages.SERVFAIL);
    assertThat(Query.code(settled("nowhere.shop", type, DnsMessages.NXDOMAIN)))
        .isEqualTo(DnsMessages.NXDOMAIN);
  }

  @Test
  void nothing_of_an_alias_tells_of_the_canonical_name() {
    String alias = "example.com.default.svc.cluster.local";
    byte[] told = settled(alias, 16, DnsMessages.NXDOMAIN);
    assertThat(Query.records(told, Query.of(alias, 16))).containsExactly("CNAME example.com");
    assertThat(Query.soaDomain(told, Query.of(alias, 16))).isEqualTo("com");
    byte[] query = Query.of("httpbin", DnsQuestion.AAAA);
    assertThat(Query.soaDomain(answer(query), query)).isEmpty();
  }

  private static byte[] answer(byte[] query) {
    return ((DnsAnswerer.Decision.Answer) answerer(TABLE).decide(query, true, true)).message();
  }

  @Test
  void what_is_no_standard_query_is_not_implemented() {
    for (int opcode : new int[] {1, 2, 4, 5, 6, 15}) {
      byte[] query = Query.of("httpbin", DnsQuestion.A);
      query[2] |= (byte) (opcode << 3);
      byte[] answer = answer(query);
      assertThat(Query.code(answer)).isEqualTo(DnsMessages.NOTIMP);
      assertThat(DnsQuestion.number(answer, 0)).isEqualTo(0x1234);
      assertThat(answer[2] & 0x78).isEqualTo(opcode << 3);
      assertThat(answer).hasSize(DnsQuestion.HEADER);
    }
  }

  @Test
  void a_query_has_one_question_that_can_be_read() {
    for (int questions : new int[] {0, 2, 256}) {
      byte[] query = Query.of("httpbin", DnsQuestion.A);
      query[4] = (byte) (questions >> 8);
      query[5] = (byte) questions;
      assertThat(Query.code(answer(query))).isEqualTo(DnsMessages.FORMERR);
    }
    byte[] pointer = Query.of("httpbin", DnsQuestion.A);
    pointer[DnsQuestion.HEADER] = (byte) 0xc0;
    assertThat(Query.code(answer(pointer))).isEqualTo(DnsMessages.FORMERR);
  }

  @Test
  void every_query_fails_until_the_first_table() {
    byte[] query = Query.of("kubernetes.io", DnsQuestion.A);

    DnsAnswerer.Decision decision = answerer(NameTable.NONE).decide(query, true, true);

    assertThat(((DnsAnswerer.Decision.Answer) decision).message())
        .satisfies(m -> assertThat(Query.code(m)).isEqualTo(DnsMessages.SERVFAIL));
  }

  @Test
  void an_answer_that_does_not_fit_udp_is_cut_and_marked_and_whole_over_tcp() {
    NameTable many =
        new NameTable(
            Map.of(
                "many.example",
                new NameTable.Entry(
                    IntStream.range(0, 100).mapToObj(i -> "10.0.0." + i).toList(), "", "")),
            true);
    byte[] query = Query.of("many.example", DnsQuestion.A);
    DnsAnswerer answerer = answerer(many);

    byte[] udp = ((DnsAnswerer.Decision.Answer) answerer.decide(query, true, true)).message();
    byte[] tcp = ((DnsAnswerer.Decision.Answer) answerer.decide(query, false, true)).message();

    assertThat(udp).hasSizeLessThanOrEqualTo(512);
    assertThat(Query.truncated(udp)).isTrue();
    assertThat(Query.truncated(tcp)).isFalse();
    assertThat(Query.records(tcp, query)).hasSize(100);
  }

  @Test
  void half_a_query_is_a_broken_one_and_less_than_a_header_none() {
    byte[] query = Query.of("httpbin.default", DnsQuestion.A);
    DnsAnswerer answerer = answerer(TABLE);
    for (int length = 0; length < query.length; length++) {
      byte[] part = java.util.Arrays.copyOf(query, length);
      if (length < DnsQuestion.HEADER) {
        assertThat(answerer.decide(part, true, true)).isInstanceOf(DnsAnswerer.Decision.Drop.class);
      } else {
        assertThat(Query.code(answer(part))).isEqualTo(DnsMessages.FORMERR);
      }
    }
    byte[] response = query.clone();
    response[2] |= (byte) 0x80;
    assertThat(answerer.decide(response, true, true)).isInstanceOf(DnsAnswerer.Decision.Drop.class);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = query.clone();
      noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      assertThat(answerer.decide(noise, true, true)).isNotNull();
    }
  }

  @Test
  void a_name_is_asked_for_once_with_what_is_before_the_search_domain() {
    Demands demands = Demands.asking();
    DnsAnswerer asking =
        new DnsAnswerer(
            new MeshNames(TABLE, DOMAIN, List.of(DOMAIN)), demands, new SplittableRandom(1));
    byte[] query = Query.of("cart.shop." + DOMAIN, DnsQuestion.A);

    DnsAnswerer.Decision first = asking.decide(query, true, true);
    assertThat(first)
        .isEqualTo(new DnsAnswerer.Decision.Ask(demands("cart.shop." + DOMAIN, "cart.shop")));
    assertThat(asking.decide(query, true, false)).isInstanceOf(DnsAnswerer.Decision.Answer.class);
    assertThat(asking.decide(Query.of("cart.shop", 15), true, true))
        .isEqualTo(new DnsAnswerer.Decision.Ask(demands("cart.shop")));

    demands("cart.shop." + DOMAIN, "cart.shop").forEach(demands::remember);
    assertThat(asking.decide(query, true, true)).isInstanceOf(DnsAnswerer.Decision.Answer.class);
  }

  private static List<Demand> demands(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> new Demand(XdsType.NAME_TABLE, name))
        .toList();
  }
}
