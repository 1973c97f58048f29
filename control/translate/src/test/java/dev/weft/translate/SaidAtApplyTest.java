package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people are told when they apply an object: what is refused, and what has no effect. */
class SaidAtApplyTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /**
   * @param said the severity and the field; empty: nothing is said
   */
  private record Case(String name, ConfigKind kind, String spec, List<String> said) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case rule(String name, String policy, String... said) {
    return new Case(
        name,
        ConfigKind.DESTINATION_RULE,
        "{host: web, trafficPolicy: {" + policy + "}}",
        Stream.of(said).map(s -> s.replace(" ", " spec.trafficPolicy.")).toList());
  }

  private static Case balanced(String name, String balancer, String... said) {
    return rule(
        name,
        "loadBalancer: {" + balancer + "}",
        Stream.of(said).map(s -> s.replace(" ", " loadBalancer.")).toArray(String[]::new));
  }

  private static Case server(String name, String more, String... said) {
    return new Case(
        name,
        ConfigKind.GATEWAY,
        "{servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*'], " + more + "}]}",
        Stream.of(said).map(s -> s.replace(" ", " spec.servers[0].")).toList());
  }

  static Stream<Case> cases() {
    return Stream.of(
        balanced("a cookie", "consistentHash: {httpCookie: {name: user, path: /, ttl: 0s}}"),
        balanced(
            "a cookie without a name",
            "consistentHash: {httpCookie: {ttl: 1s}}",
            "ERROR consistentHash.httpCookie.name"),
        balanced(
            "a cookie with a line end",
            "consistentHash: {httpCookie: {name: a, path: \"/\\n\"}}",
            "ERROR consistentHash.httpCookie.path"),
        balanced(
            "a hash of no header",
            "consistentHash: {httpHeaderName: 'a b'}",
            "ERROR consistentHash.httpHeaderName"),
        balanced("warm-up", "simple: ROUND_ROBIN, warmup: {duration: 10s}"),
        balanced(
            "warm-up of what cannot warm up",
            "simple: RANDOM, warmup: {duration: 10s}",
            "WARNING warmup"),
        balanced(
            "warm-up of a ring, in the old way",
            "consistentHash: {useSourceIp: true}, warmupDurationSecs: 10s",
            "WARNING warmupDurationSecs"),
        server("an address", "bind: 127.0.0.1"),
        server("an address of the new kind", "bind: '::1'"),
        server("what only looks like an address", "bind: 1.2.3.4.5", "ERROR bind"),
        server("a name for an address", "bind: localhost", "ERROR bind"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void what_is_wrong_or_without_effect_is_said_with_its_field(Case c) throws IOException {
    Map<String, Object> spec = YAML.readValue(c.spec(), new TypeReference<>() {});
    List<Diagnostic> found =
        ObjectParser.parse(
                c.kind(),
                Map.of("metadata", Map.of("name", "x", "namespace", "shop"), "spec", spec))
            .diagnostics();

    assertThat(found.stream().map(d -> d.severity() + " " + d.path()))
        .as("%s", found)
        .containsExactlyElementsOf(c.said());
  }
}
