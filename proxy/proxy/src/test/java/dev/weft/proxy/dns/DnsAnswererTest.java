package dev.weft.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.demand.Demand;
import dev.weft.proxy.demand.Demands;
import dev.weft.runtime.NameTable;
import dev.weft.xds.XdsType;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(ask("httpbin", 33)).containsExactly("forward");
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
  void garbage_is_dropped_at_every_length() {
    byte[] query = Query.of("httpbin.default", DnsQuestion.A);
    DnsAnswerer answerer = answerer(TABLE);
    for (int length = 0; length < query.length; length++) {
      assertThat(answerer.decide(java.util.Arrays.copyOf(query, length), true, true))
          .isInstanceOf(DnsAnswerer.Decision.Drop.class);
    }
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
        .isInstanceOf(DnsAnswerer.Decision.Forward.class);

    demands("cart.shop." + DOMAIN, "cart.shop").forEach(demands::remember);
    assertThat(asking.decide(query, true, true)).isInstanceOf(DnsAnswerer.Decision.Answer.class);
  }

  private static List<Demand> demands(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> new Demand(XdsType.NAME_TABLE, name))
        .toList();
  }
}
