package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.AuthorizationPolicy.Action;
import dev.weft.config.RequestAuthentication.KeySource;
import dev.weft.types.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies of access as people write them. */
class PolicyParserTest {
  private static Parsed parse(ConfigKind kind, String spec) {
    return ObjectParser.parse(
        kind,
        Json.parseObject(
            ("{'metadata':{'name':'p','namespace':'shop'},'spec':" + spec + "}")
                .replace('\'', '"')));
  }

  private static Parsed authorization(String spec) {
    return parse(ConfigKind.AUTHORIZATION_POLICY, spec);
  }

  private static AuthorizationPolicy policy(Parsed parsed) {
    return (AuthorizationPolicy) parsed.value().orElseThrow();
  }

  @Test
  void nothing_written_is_a_policy_that_allows_nothing() {
    Parsed parsed = authorization("{}");
    assertThat(parsed.diagnostics()).isEmpty();
    assertThat(policy(parsed).action()).isEqualTo(Action.ALLOW);
    assertThat(policy(parsed).rules()).isEmpty();
    assertThat(policy(parsed).target()).isEqualTo(PolicyTarget.EVERY);
  }

  record Bad(String spec, String path, String message) {}

  static Stream<Bad> bad() {
    return Stream.of(
        new Bad("{'action':'ALOW'}", "spec.action", "is none of"),
        new Bad("{'action':'DENY'}", "spec.rules", "never happens"),
        new Bad("{'action':'DENY','rules':[]}", "spec.rules", "never happens"),
        new Bad("{'rules':[null]}", "spec.rules[0]", "fields is needed"),
        new Bad("{'rules':[{'from':[]}]}", "spec.rules[0].from", "empty"),
        new Bad("{'rules':[{'to':[]}]}", "spec.rules[0].to", "empty"),
        new Bad("{'rules':[{'from':[{}]}]}", "spec.rules[0].from[0].source", "not there"),
        new Bad("{'rules':[{'to':[{}]}]}", "spec.rules[0].to[0].operation", "not there"),
        new Bad(
            "{'rules':[{'from':[{'source':{}}]}]}",
            "spec.rules[0].from[0].source.principals",
            "no field says who"),
        new Bad(
            "{'rules':[{'to':[{'operation':{}}]}]}",
            "spec.rules[0].to[0].operation.paths",
            "no field says what"),
        new Bad(
            "{'rules':[{'from':[{'source':{'principles':['a']}}]}]}",
            "spec.rules[0].from[0].source.principles",
            "no such field"),
        new Bad(
            "{'rules':[{'from':[{'source':{'ipBlocks':['10.0.0.0/33']}}]}]}",
            "spec.rules[0].from[0].source.ipBlocks",
            "10.0.0.0/33"),
        new Bad(
            "{'rules':[{'from':[{'source':{'principals':['']}}]}]}",
            "spec.rules[0].from[0].source.principals",
            "empty text"),
        new Bad(
            "{'rules':[{'from':[{'source':{'serviceAccounts':['a/b/c']}}]}]}",
            "spec.rules[0].from[0].source.serviceAccounts",
            "no service account"),
        new Bad(
            "{'rules':[{'from':[{'source':{'serviceAccounts':['a'],'namespaces':['b']}}]}]}",
            "spec.rules[0].from[0].source.serviceAccounts",
            "exclude"),
        new Bad(
            "{'rules':[{'to':[{'operation':{'ports':['http']}}]}]}",
            "spec.rules[0].to[0].operation.ports",
            "no port"),
        new Bad(
            "{'rules':[{'to':[{'operation':{'paths':['/{**}/a/{*}']}}]}]}",
            "spec.rules[0].to[0].operation.paths",
            "no template"),
        new Bad(
            "{'rules':[{'to':[{'operation':{'paths':['/{*}.txt']}}]}]}",
            "spec.rules[0].to[0].operation.paths",
            "whole segment"),
        new Bad(
            "{'rules':[{'when':[{'key':'request.host','values':['a']}]}]}",
            "spec.rules[0].when[0].key",
            "no attribute"),
        new Bad(
            "{'rules':[{'when':[{'key':'request.headers','values':['a']}]}]}",
            "spec.rules[0].when[0].key",
            "no attribute"),
        new Bad(
            "{'rules':[{'when':[{'key':'source.ip'}]}]}",
            "spec.rules[0].when[0].values",
            "are needed"),
        new Bad(
            "{'rules':[{'when':[{'key':'source.ip','notValues':['x']}]}]}",
            "spec.rules[0].when[0].notValues",
            "neither an IP address"),
        new Bad("{'action':'CUSTOM','rules':[{}]}", "spec.provider.name", "needs the name"),
        new Bad("{'provider':{'name':'x'}}", "spec.provider", "only the action CUSTOM"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_broken_policy_names_the_field_and_lets_nobody_past(Bad bad) {
    Parsed parsed = authorization(bad.spec());
    assertThat(parsed.diagnostics())
        .anyMatch(
            d ->
                d.severity() == Diagnostic.Severity.ERROR
                    && d.path().equals(bad.path())
                    && d.message().contains(bad.message()));
    assertThat(policy(parsed).action()).isEqualTo(Action.DENY);
    assertThat(policy(parsed).rules()).hasSize(1);
    assertThat(policy(parsed).rules().getFirst().from()).isEmpty();
  }

  @Test
  void who_denies_by_requests_alone_is_told_what_becomes_of_bytes() {
    String paths = "{'action':'DENY','rules':[{'to':[{'operation':{'paths':['/a']%s}}]}]}";
    assertThat(authorization(paths.formatted("")).diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly("denies-tcp");
    assertThat(authorization(paths.formatted(",'ports':['80']")).diagnostics()).isEmpty();
  }

  @Test
  void a_policy_for_the_gateway_api_selects_nothing() {
    Parsed parsed = authorization("{'targetRefs':[{'kind':'Gateway','name':'x'}]}");
    assertThat(parsed.diagnostics())
        .extracting(Diagnostic::path)
        .containsExactly("spec.targetRefs");
    assertThat(policy(parsed).target().selects(Map.of("app", "web"))).isFalse();
  }

  private static Parsed authentication(String rule) {
    return parse(ConfigKind.REQUEST_AUTHENTICATION, "{'jwtRules':[" + rule + "]}");
  }

  private static KeySource keys(Parsed parsed) {
    return ((RequestAuthentication) parsed.value().orElseThrow()).rules().getFirst().keys();
  }

  @Test
  void keys_are_inline_at_an_address_or_where_the_issuer_says() {
    assertThat(keys(authentication("{'issuer':'i','jwks':'{\\'keys\\':[{}]}'}")))
        .isInstanceOf(KeySource.Inline.class);
    assertThat(keys(authentication("{'issuer':'i','jwksUri':'https://a/b'}")))
        .isInstanceOf(KeySource.Remote.class);
    assertThat(keys(authentication("{'issuer':'https://i'}")))
        .isInstanceOf(KeySource.Discovered.class);
  }

  @Test
  void tokens_need_an_issuer_and_keys_that_can_be_read() {
    assertThat(
            Stream.of(
                    "{}",
                    "{'issuer':'i','jwks':'x'}",
                    "{'issuer':'i','jwks':'{}'}",
                    "{'issuer':'i','jwksUri':'ftp://a'}",
                    "{'issuer':'i','audiences':['']}",
                    "{'issuer':'i','fromHeaders':[{'prefix':'x'}]}",
                    "{'issuer':'i','outputClaimToHeaders':[{'header':'a b','claim':'c'}]}")
                .map(rule -> authentication(rule).value().isPresent())
                .toList())
        .isEqualTo(List.of(false, false, false, false, false, false, false));
  }
}
