package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import dev.weft.traffic.AccessCase.Ask;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Who may come in, from what users write to the answer on the wire. */
class AccessTest {
  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: bytes.shop, app: web, vip: 10.96.0.5, ports: [{name: tcp, port: 7000, targetPort: 8081}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: guest-1.bank, app: client, ip: NET.10}
            - {name: web-1.shop, app: web, ip: NET.11}
      """;

  @TempDir private Path files;

  private World world;
  private final Map<String, Client> clients = new TreeMap<>();

  @BeforeEach
  void start() {
    world = new World(MESH, files);
    for (String pod : List.of("client-1", "guest-1")) {
      clients.put(pod, world.client(pod, true, pod));
    }
  }

  @AfterEach
  void end() {
    clients.values().forEach(Client::close);
    world.close();
  }

  private static String policy(String name, String namespace, String spec) {
    return "- {kind: AuthorizationPolicy, metadata: {name: "
        + name
        + ", namespace: "
        + namespace
        + "}, spec: "
        + (spec.startsWith("{") ? spec : "{" + spec + "}")
        + "}\n";
  }

  private Client client(String pod) {
    return Objects.requireNonNull(clients.get(pod), pod);
  }

  private int status(Ask ask) {
    if (ask.from().isEmpty()) {
      try (Peer peer = Peer.connect(new InetSocketAddress(world.pod("web-1").address(), 8080))) {
        peer.send(ask.method() + " " + ask.path() + " HTTP/1.1\r\nhost: web.shop\r\n\r\n");
        return peer.response().status();
      }
    }
    String[] headers = ask.headers().toArray(String[]::new);
    Client client = client(ask.from());
    Client.Answer answer = client.send(ask.method(), ask.path(), headers);
    if (answer.status() == 403) {
      assertThat(answer.body()).isEqualTo("RBAC: access denied");
    }
    assertThat(client.overHttp2().send(ask.method(), ask.path(), headers).status())
        .as("over HTTP/2")
        .isEqualTo(answer.status());
    return answer.status();
  }

  private void check(List<Ask> comesIn, List<Ask> staysOut) {
    for (Ask ask : comesIn) {
      assertThat(status(ask)).as("%s", ask).isEqualTo(200);
    }
    for (Ask ask : staysOut) {
      assertThat(status(ask)).as("%s", ask).isIn(403, 400);
    }
  }

  @TestFactory
  Stream<DynamicTest> every_field_decides() {
    return AccessCase.all().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(),
                    () -> {
                      world.objects(policy("p", "shop", each.policy()));
                      check(each.comesIn(), each.staysOut());
                    }));
  }

  @Test
  void a_denial_is_stronger_than_a_permission_and_is_named_in_the_log() {
    world.objects(
        policy("all", "shop", "rules: [{}]")
            + policy(
                "no-guests",
                "shop",
                "{action: DENY, rules: [{from: [{source: {namespaces: [bank]}}]}]}"));
    check(List.of(AccessCase.get("/in")), List.of(AccessCase.guest("/out")));
    world.logs("web-1", "rbac_access_denied_matched_policy[ns[shop]-policy[no-guests]-rule[0]]");
  }

  @Test
  void what_nothing_allows_is_logged_without_a_policy() {
    world.objects(policy("none", "shop", "{}"));
    check(List.of(), List.of(AccessCase.get("/out")));
    world.logs("web-1", "rbac_access_denied_matched_policy[none]");
  }

  @Test
  void policies_hold_in_their_namespace_for_their_pods_and_from_the_root_everywhere() {
    Ask mine = AccessCase.get("/");
    world.objects(policy("elsewhere", "bank", "{}"));
    check(List.of(mine), List.of());
    world.objects(policy("others", "shop", "selector: {matchLabels: {app: other}}"));
    check(List.of(mine), List.of());
    world.objects(policy("ours", "shop", "selector: {matchLabels: {app: web}}"));
    check(List.of(), List.of(mine));
    world.objects(policy("root", "istio-system", "{}"));
    check(List.of(), List.of(mine));
    world.objects("[]");
    check(List.of(mine), List.of());
  }

  @Test
  void what_is_only_tried_refuses_nobody() {
    world.objects(
        "- {kind: AuthorizationPolicy, metadata: {name: p, namespace: shop, annotations:"
            + " {istio.io/dry-run: 'true'}}, spec: {}}");
    check(List.of(AccessCase.get("/")), List.of());
    assertThat(world.proxy("web-1").metrics())
        .contains(
            "envoy_http_inbound_0_0_0_0_8080_rbac{authz_dry_run_action=\"allow\","
                + "authz_dry_run_result=\"denied\"} 2");
  }

  @Test
  void each_stream_of_a_connection_is_decided_about_by_itself() {
    world.objects(
        policy("p", "shop", "{action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}"));
    try (Client.Conversation talk = client("client-1").overHttp2().talk()) {
      assertThat(talk.get("/").status()).isEqualTo(200);
      Client.Answer refused = talk.get("/admin");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).isEqualTo("RBAC: access denied");
      assertThat(talk.get("/").status()).isEqualTo(200);
    }
  }

  /** Whether bytes reach the application. */
  private boolean passes(String client) {
    try (Client.Conversation talk = client(client).talk(7000)) {
      talk.send("GET", "/");
      return talk.answered();
    }
  }

  @Test
  void connections_are_decided_about_by_what_is_known_of_them() {
    world.objects(policy("p", "shop", "rules: [{from: [{source: {namespaces: [bank]}}]}]"));
    assertThat(passes("guest-1")).isTrue();
    assertThat(passes("client-1")).isFalse();
    world.logs("web-1", "rbac_access_denied_matched_policy[none]");
    world.objects(
        policy("p", "shop", "{action: DENY, rules: [{to: [{operation: {ports: ['8081']}}]}]}"));
    assertThat(passes("guest-1")).isFalse();
    world.objects(
        policy("p", "shop", "{action: DENY, rules: [{to: [{operation: {ports: ['8080']}}]}]}"));
    assertThat(passes("guest-1")).isTrue();
  }

  @Test
  void what_only_requests_have_allows_no_connection_and_denies_every_one() {
    world.objects(policy("p", "shop", "rules: [{to: [{operation: {methods: [GET]}}]}]"));
    assertThat(passes("client-1")).isFalse();
    world.objects(
        policy("p", "shop", "{action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}"));
    assertThat(passes("client-1")).isFalse();
    world.objects(
        policy(
            "p",
            "shop",
            "{action: DENY, rules: [{to: [{operation: {methods: [DELETE], ports: ['8080']}}]}]}"));
    assertThat(passes("client-1")).isTrue();
  }
}
