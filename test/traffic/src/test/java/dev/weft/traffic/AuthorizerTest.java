package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests about which somebody else is asked: a real authorizer on a socket. */
class AuthorizerTest extends WithClient {
  private static final String AUTHORIZER = "service: tools/authz.tools.svc.cluster.local";
  private static final String MESH =
      """
      mesh:
        accessLogFile: /dev/stdout
        accessLogFormat: istio-json
        extensionProviders:
          - name: http
            envoyExtAuthzHttp:
              AUTHORIZER
              port: 9000
              pathPrefix: /check
              includeRequestHeadersInCheck: [x-user, "x-more-*"]
              includeAdditionalHeadersInCheck: {x-mesh: weft}
              headersToUpstreamOnAllow: [x-verdict]
              headersToDownstreamOnDeny: [x-verdict]
              headersToDownstreamOnAllow: [x-own]
          - {name: grpc, envoyExtAuthzGrpc: {AUTHORIZER, port: 9001}}
          - {name: away, envoyExtAuthzHttp: {AUTHORIZER, port: 9002, statusOnError: "503"}}
          - {name: away-open, envoyExtAuthzGrpc: {AUTHORIZER, port: 9002, failOpen: true}}
          - {name: in-mesh, envoyExtAuthzHttp: {service: judge.tools.svc.cluster.local, port: 9000, headersToUpstreamOnAllow: [x-pod]}}
          - {name: slow, envoyExtAuthzHttp: {AUTHORIZER, port: 9000, pathPrefix: /never, timeout: 0.2s}}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: judge.tools, vip: 10.96.0.3, ports: [{name: http, port: 9000, targetPort: 8080}]}
            - name: authz.tools
              vip: 10.96.0.2
              ports:
                - {name: http, port: 9000, targetPort: 8080}
                - {name: grpc, port: 9001, targetPort: 8081}
                - {name: http-away, port: 9002, targetPort: 8089}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
            - {name: judge-1.tools, app: judge, ip: NET.13}
            - {name: authz-1.tools, app: authz, ip: NET.12, injected: false, dead: true}
      """
          .replace("AUTHORIZER", AUTHORIZER);

  private Authorizers authorizers;

  AuthorizerTest() {
    super(MESH);
  }

  @BeforeEach
  void start() {
    authorizers = new Authorizers(world.pod("authz-1").address(), 8080, 8081);
  }

  @AfterEach
  void end() {
    authorizers.close();
  }

  private void asks(String provider, String... others) {
    world.objects(
        policy("asks", "{action: CUSTOM, provider: {name: " + provider + "}, " + ADMIN + "}")
            + String.join("", others));
  }

  private static final String ADMIN = "rules: [{to: [{operation: {paths: [/admin*]}}]}]";

  private static String policy(String name, String spec) {
    return "- {kind: AuthorizationPolicy, metadata: {name: "
        + name
        + ", namespace: shop}, spec: "
        + spec
        + "}\n";
  }

  /** The answer to a client of HTTP/1.1 and of HTTP/2, who are told the same. */
  private Client.Answer get(String path, String... headers) {
    Client.Answer answer = client.get(path, headers);
    assertThat(client.overHttp2().get(path, headers).status()).isEqualTo(answer.status());
    return answer;
  }

  @Test
  void by_http_it_is_asked_about_what_the_rules_match_and_its_answer_counts() {
    asks("http");
    assertThat(get("/").status()).isEqualTo(200);
    assertThat(authorizers.asked).isEmpty();
    Client.Answer in = get("/admin?q=1", "x-user: good", "x-more-a: b", "x-other: c");
    assertThat(in.status()).isEqualTo(200);
    assertThat(in.header("x-own")).isEqualTo("of the authorizer");
    assertThat(in.received()).contains("x-verdict: in").doesNotContain("x-own");
    assertThat(authorizers.asked)
        .allSatisfy(
            asked ->
                assertThat(asked)
                    .startsWith("GET /check/admin?q=1 ")
                    .containsIgnoringCase("x-user=[good]")
                    .containsIgnoringCase("x-more-a=[b]")
                    .containsIgnoringCase("x-mesh=[weft]")
                    .containsIgnoringCase("host=[")
                    .doesNotContainIgnoringCase("x-other"));
    Client.Answer out = get("/admin", "x-user: bad");
    assertThat(out.status()).isEqualTo(401);
    assertThat(out.body()).isEqualTo("who are you?");
    assertThat(out.header("x-verdict")).isEqualTo("out");
    assertThat(out.response().head()).doesNotContain("x-own");
    world.logs("web-1", "ext_authz_denied");
    world.logs("web-1", "UAEX");
  }

  @Test
  void by_grpc_it_is_told_of_the_whole_head_and_changes_it() {
    asks("grpc");
    Client.Answer in = get("/admin?q=1", "x-user: good");
    assertThat(in.status()).isEqualTo(200);
    assertThat(in.header("x-own")).isEqualTo("of the authorizer");
    assertThat(in.received()).contains("x-verdict: in").doesNotContain("x-user");
    AttributeContext asked = authorizers.checked.getFirst();
    assertThat(asked.getSource().getPrincipal())
        .isEqualTo("spiffe://cluster.local/ns/shop/sa/client");
    assertThat(asked.getDestination().getAddress().getSocketAddress().getAddress())
        .isEqualTo(world.pod("web-1").application());
    assertThat(asked.getRequest().getHttp().getMethod()).isEqualTo("GET");
    assertThat(asked.getRequest().getHttp().getPath()).isEqualTo("/admin?q=1");
    assertThat(asked.getRequest().getHttp().getHeadersMap())
        .containsEntry("x-user", "good")
        .containsEntry(":path", "/admin?q=1");
    Client.Answer out = get("/admin", "x-user: bad");
    assertThat(out.status()).isEqualTo(402);
    assertThat(out.body()).isEqualTo("who are you?");
    assertThat(out.header("x-verdict")).isEqualTo("out");
  }

  @Test
  void an_authorizer_in_the_mesh_is_asked_as_any_service_is() {
    asks(
        "in-mesh",
        "- {kind: PeerAuthentication, metadata: {name: strict, namespace: tools}, spec: {mtls: {mode: STRICT}}}\n");
    Client.Answer in = get("/admin");
    assertThat(in.status()).isEqualTo(200);
    assertThat(in.received()).contains("x-pod: judge-1");
    world.app.failing("judge-1");
    assertThat(get("/admin").status()).isEqualTo(403);
  }

  @Test
  void whoever_is_away_lets_nobody_in_unless_the_mesh_wants_it_so() {
    asks("away");
    assertThat(get("/admin", "x-user: good").status()).isEqualTo(503);
    world.logs("web-1", "ext_authz_error");
    assertThat(get("/").status()).isEqualTo(200);
    asks("away-open");
    assertThat(get("/admin").status()).isEqualTo(200);
  }

  @Test
  void whoever_takes_too_long_is_not_waited_for() {
    asks("slow");
    assertThat(get("/admin", "x-user: good").status()).isEqualTo(403);
    assertThat(authorizers.asked).isNotEmpty();
  }

  @Test
  void a_body_waits_for_the_answer_and_arrives_as_a_whole() {
    asks("http");
    try (Peer peer = client.connect()) {
      peer.send(
          "POST /admin HTTP/1.1\r\nhost: web.shop:8000\r\nx-user: good\r\ncontent-length: 5\r\n\r\nhel");
      peer.send("lo");
      Peer.Response response = peer.response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).endsWith("hello");
    }
  }

  @Test
  void denials_and_permissions_hold_beside_it() {
    asks(
        "grpc",
        policy("no", "{action: DENY, rules: [{to: [{operation: {paths: [/admin/no]}}]}]}"),
        policy("some", "{rules: [{to: [{operation: {paths: [/admin/*]}}]}]}"));
    assertThat(get("/admin/yes", "x-user: good").status()).isEqualTo(200);
    assertThat(get("/admin/no", "x-user: good").status()).isEqualTo(403);
    assertThat(get("/admin", "x-user: good").status()).isEqualTo(403);
    assertThat(get("/admin/no", "x-user: bad").status()).isEqualTo(402);
  }

  @Test
  void of_several_providers_nobody_is_asked_and_what_the_rules_match_is_denied() {
    asks("grpc", policy("more", "{action: CUSTOM, provider: {name: http}, rules: [{}]}"));
    assertThat(get("/admin", "x-user: good").status()).isEqualTo(403);
    assertThat(List.of(authorizers.asked, authorizers.checked)).allMatch(d -> d.isEmpty());
  }
}
