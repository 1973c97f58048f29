package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Tokens of requests, from what users write to the answer on the wire. */
class TokensTest extends WithClient {
  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: edge.istio-system, vip: 10.96.0.9, ports: [{name: http, port: 8100}]}
          pods:
            - {name: edge-1.istio-system, app: edge, ip: NET.100, injected: false, labels: {istio: edge}}
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
      """;

  private static final Issuer BANK = new Issuer("https://bank.example");
  private static final Issuer SHOP = new Issuer("https://shop.example");
  private static final Issuer THIEF = new Issuer("https://bank.example");

  TokensTest() {
    super(MESH);
  }

  private static String rule(Issuer issuer, String name, String more) {
    return "{issuer: '" + name + "', jwks: '" + issuer.jwks() + "'" + more + "}";
  }

  private static String authentication(String... rules) {
    return "- {kind: RequestAuthentication, metadata: {name: tokens, namespace: shop}, spec:"
        + " {jwtRules: ["
        + String.join(", ", rules)
        + "]}}\n";
  }

  private static String allow(String rule) {
    return "- {kind: AuthorizationPolicy, metadata: {name: p, namespace: shop}, spec: {rules: ["
        + rule
        + "]}}\n";
  }

  private static String bearer(String token) {
    return "authorization: Bearer " + token;
  }

  private void bank(String more) {
    world.objects(authentication(rule(BANK, "https://bank.example", more)));
  }

  private void refused(Client.Answer answer, int status, String text) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(text);
  }

  @Test
  void a_request_without_a_token_passes_and_one_with_a_bad_token_does_not() {
    bank("");
    assertThat(client.get("/").status()).isEqualTo(200);
    assertThat(client.get("/", bearer(BANK.token(""))).status()).isEqualTo(200);
    refused(client.get("/", bearer(BANK.token("", 1))), 401, "Jwt is expired");
    refused(client.get("/", bearer(THIEF.token(""))), 401, "Jwt verification fails");
    refused(client.get("/", bearer(SHOP.token(""))), 401, "Jwt issuer is not configured");
    refused(
        client.get("/", bearer("no.token")),
        401,
        "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections");
    assertThat(client.get("/", "authorization: Basic abc").status()).isEqualTo(200);
  }

  @Test
  void a_refusal_says_what_is_wrong_to_the_client_and_in_the_log() {
    bank("");
    Client.Answer answer = client.get("/x?q", bearer(BANK.token("", 1)));
    assertThat(answer.header("www-authenticate"))
        .isEqualTo("Bearer realm=\"http://web.shop/x?q\", error=\"invalid_token\"");
    world.logs("web-1", "jwt_authn_access_denied{Jwt_is_expired}");
  }

  @Test
  void a_second_token_must_be_valid_too() {
    bank("");
    assertThat(client.get("/", bearer(BANK.token("")), bearer(THIEF.token(""))).status())
        .isEqualTo(401);
    assertThat(client.get("/?access_token=" + THIEF.token(""), bearer(BANK.token(""))).status())
        .isEqualTo(401);
  }

  @Test
  void a_token_is_for_one_of_the_audiences() {
    bank(", audiences: [api, other]");
    assertThat(client.get("/", bearer(BANK.token("\"aud\":[\"x\",\"api\"]"))).status())
        .isEqualTo(200);
    refused(
        client.get("/", bearer(BANK.token("\"aud\":\"x\""))),
        403,
        "Audiences in Jwt are not allowed");
  }

  @Test
  void tokens_stand_where_they_are_looked_for() {
    bank(", fromHeaders: [{name: X-Jwt, prefix: 'jwt '}], fromParams: [t], fromCookies: [c]");
    String bad = THIEF.token("");
    assertThat(client.get("/", bearer(bad)).status()).isEqualTo(200);
    assertThat(client.get("/", "x-jwt: jwt " + bad).status()).isEqualTo(401);
    assertThat(client.get("/?a=b&t=" + bad).status()).isEqualTo(401);
    assertThat(client.get("/", "cookie: a=b; c=" + bad).status()).isEqualTo(401);
    assertThat(client.get("/?a=b&t=" + BANK.token("") + "&d=e").line())
        .isEqualTo("GET /?a=b&d=e HTTP/1.1");
  }

  @Test
  void the_application_gets_what_it_is_meant_to_get() {
    String token = BANK.token("\"sub\":\"ann\",\"org\":{\"unit\":\"tea\"}");
    bank("");
    assertThat(client.get("/", bearer(token)).received()).doesNotContain("authorization");
    bank(", forwardOriginalToken: true");
    assertThat(client.get("/", bearer(token)).received()).contains("authorization: bearer");
    bank(
        ", outputPayloadToHeader: x-payload, outputClaimToHeaders: [{header: x-sub, claim: sub},"
            + " {header: x-unit, claim: org.unit}]");
    assertThat(client.get("/", bearer(token)).received())
        .contains(
            "x-sub: ann",
            "x-unit: tea",
            "x-payload: " + token.split("\\.")[1].toLowerCase(Locale.ROOT));
    assertThat(client.get("/", "x-sub: mallory", "x-payload: e30").received())
        .doesNotContain("x-sub", "x-payload");
  }

  @Test
  void each_of_several_issuers_is_enough() {
    world.objects(
        authentication(
            rule(BANK, "https://bank.example", ""), rule(SHOP, "https://shop.example", "")));
    assertThat(client.get("/", bearer(BANK.token(""))).status()).isEqualTo(200);
    assertThat(client.get("/", bearer(SHOP.token(""))).status()).isEqualTo(200);
    assertThat(client.get("/").status()).isEqualTo(200);
    assertThat(client.get("/", bearer(THIEF.token(""))).status()).isEqualTo(401);
  }

  @Test
  void keys_that_are_not_known_verify_nothing() {
    world.objects(
        authentication("{issuer: 'https://bank.example', jwksUri: 'https://bank.example/keys'}"));
    assertThat(client.get("/").status()).isEqualTo(200);
    assertThat(client.get("/", bearer(BANK.token(""))).status()).isEqualTo(401);
  }

  private void allows(String rule, String good, String bad) {
    world.objects(authentication(rule(BANK, "https://bank.example", "")) + allow(rule));
    assertThat(client.get("/", bearer(BANK.token(good))).status()).as(good).isEqualTo(200);
    assertThat(client.get("/", bearer(BANK.token(bad))).status()).as(bad).isEqualTo(403);
    assertThat(client.get("/").status()).as("no token").isEqualTo(403);
  }

  private static String when(String key, String values) {
    return "{when: [{key: '" + key + "', values: [" + values + "]}]}";
  }

  @Test
  void policies_know_what_verified_tokens_say() {
    String principals = "{from: [{source: {requestPrincipals: ['%s']}}]}";
    allows(principals.formatted("https://bank.example/ann"), "\"sub\":\"ann\"", "\"sub\":\"eve\"");
    allows(principals.formatted("https://bank.example/*"), "\"sub\":\"ann\"", "\"x\":\"y\"");
    allows(principals.formatted("*/ann"), "\"sub\":\"ann\"", "\"sub\":\"joann\"");
    allows(principals.formatted("*"), "\"sub\":\"ann\"", "\"x\":\"y\"");
    allows(when("request.auth.principal", "'https://bank.example/ann'"), "\"sub\":\"ann\"", "");
    allows(when("request.auth.audiences", "api"), "\"aud\":[\"api\"]", "\"aud\":[\"x\"]");
    allows(when("request.auth.presenter", "app"), "\"azp\":\"app\"", "\"azp\":\"other\"");
    allows(when("request.auth.claims[role]", "admin, 'op*'"), "\"role\":\"ops\"", "\"role\":\"x\"");
    allows(when("request.auth.claims[role]", "admin"), "\"role\":[\"x\",\"admin\"]", "\"role\":[]");
    allows(when("request.auth.claims[a][b]", "c"), "\"a\":{\"b\":\"c\"}", "\"a\":{\"b\":\"d\"}");
    allows(
        when("request.auth.claims[scope]", "read"),
        "\"scope\":\"write read\"",
        "\"scope\":\"readx\"");
  }

  private String routedTo(String... headers) {
    String head = "GET / HTTP/1.1\r\nhost: web.example\r\n";
    try (Peer peer = Peer.connect(new InetSocketAddress(world.pod("edge-1").address(), 8100))) {
      peer.send(head + String.join("", List.of(headers)) + "\r\n");
      Peer.Response response = peer.response();
      assertThat(response.status()).as(world.proxy("edge-1").log().toString()).isEqualTo(200);
      return response.body().replaceFirst("(?s).*x-route: ([a-z]*).*", "$1");
    }
  }

  @Test
  void gateways_route_by_what_tokens_say() {
    world.objects(
        authentication(rule(BANK, "https://bank.example", ""))
                .replace("namespace: shop", "namespace: istio-system")
            + """
            - kind: Gateway
              metadata: {name: edge, namespace: shop}
              spec:
                selector: {istio: edge}
                servers: [{port: {number: 8100, name: http, protocol: HTTP}, hosts: ["*"]}]
            - kind: VirtualService
              metadata: {name: web, namespace: shop}
              spec:
                hosts: [web.example]
                gateways: [edge]
                http:
                  - match: [{headers: {"@request.auth.claims.role": {exact: admin}}}]
                    headers: {request: {set: {x-route: admin}}}
                    route: [{destination: {host: web, port: {number: 8000}}}]
                  - match: [{withoutHeaders: {"@request.auth.claims[org][unit]": {prefix: te}}}]
                    headers: {request: {set: {x-route: outside}}}
                    route: [{destination: {host: web, port: {number: 8000}}}]
                  - headers: {request: {set: {x-route: tea}}}
                    route: [{destination: {host: web, port: {number: 8000}}}]
            """);
    String admin = bearer(BANK.token("\"role\":[\"user\",\"admin\"]")) + "\r\n";
    String tea = bearer(BANK.token("\"org\":{\"unit\":\"tea\"}")) + "\r\n";
    assertThat(routedTo()).isEqualTo("outside");
    assertThat(routedTo(admin)).isEqualTo("admin");
    assertThat(routedTo(tea)).isEqualTo("tea");
  }

  @Test
  void a_policy_demands_a_token_where_none_may_be_missing() {
    world.objects(
        authentication(rule(BANK, "https://bank.example", ""))
            + "- {kind: AuthorizationPolicy, metadata: {name: p, namespace: shop}, spec: {action:"
            + " DENY, rules: [{from: [{source: {notRequestPrincipals: ['*']}}]}]}}\n");
    assertThat(client.get("/").status()).isEqualTo(403);
    assertThat(client.get("/", bearer(BANK.token("\"sub\":\"ann\""))).status()).isEqualTo(200);
  }
}
