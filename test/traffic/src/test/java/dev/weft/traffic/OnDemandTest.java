package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar that asks for what its pod calls: at the first call, which waits for it. */
class OnDemandTest {
  private static final String WEB = "outbound|8000||web.shop.svc.cluster.local";
  private static final String OTHER = "outbound|8000||other.shop.svc.cluster.local";

  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.7, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: other.shop, vip: 10.96.0.8, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: store.shop, vip: 10.96.0.1, ports: [{name: tcp, port: 9000, targetPort: 8081}]}
            - {name: unused.shop, vip: 10.96.0.9, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: rpc.shop, vip: 10.96.0.10, ports: [{name: grpc, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
            - {name: other-1.shop, app: other, ip: NET.21}
            - {name: store-1.shop, app: store, ip: NET.31}
            - {name: unused-1.shop, app: unused, ip: NET.41}
            - {name: rpc-1.shop, app: rpc, ip: NET.51}
            - {name: late-1.shop, app: late, ip: NET.61}
      """;

  @TempDir private Path files;
  private World world;
  private OnDemandClient asking;

  @BeforeEach
  void begin() {
    world = new World(MESH, files);
    asking = world.onDemandClient("client-1").start();
  }

  @AfterEach
  void end() {
    asking.close();
    world.close();
  }

  @Test
  void nothing_of_the_mesh_is_held_before_the_first_call() {
    assertThat(asking.config().listeners()).containsOnlyKeys("virtualOutbound", "virtualInbound");
    assertThat(asking.config().clusters().keySet()).noneMatch(name -> name.startsWith("outbound|"));
    assertThat(asking.config().routeTables()).isEmpty();
  }

  @Test
  void the_first_request_waits_for_its_host_and_brings_no_other() {
    Client.Answer answer = asking.client().get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.pod()).isEqualTo("web-1");
    assertThat(asking.asked())
        .contains("LDS 0.0.0.0_8000", "LDS 10.96.0.1_8000", "VHDS 8000/web.shop", "CDS " + WEB);
    assertThat(asking.config().clusters()).containsKey(WEB).doesNotContainKey(OTHER);
    assertThat(asking.asked()).noneMatch(name -> name.contains("unused"));
  }

  @Test
  void each_request_of_a_kept_connection_may_need_another_host() {
    try (Client.Conversation talk = asking.client().talk()) {
      assertThat(talk.get("/", "host: web.shop").pod()).isEqualTo("web-1");
      assertThat(talk.get("/", "host: other.shop.svc.cluster.local:8000").pod())
          .isEqualTo("other-1");
      assertThat(talk.send("POST", "/", "host: unused", "content-length: 8\r\n\r\nbody").answer())
          .satisfies(a -> assertThat(a.pod()).isEqualTo("unused-1"));
      assertThat(talk.get("/", "host: other.shop").pod()).isEqualTo("other-1");
    }
    // Its other spelling came with it.
    assertThat(asking.asked()).doesNotContain("VHDS 8000/other.shop");
  }

  @Test
  void the_first_request_of_an_http2_connection_waits_for_its_host() {
    try (Client.Conversation talk = asking.client().overHttp2().talk()) {
      assertThat(talk.get("/", "host: rpc.shop").pod()).isEqualTo("rpc-1");
    }
    assertThat(asking.asked()).contains("VHDS 8000/rpc.shop");
  }

  @Test
  void a_connection_of_bytes_waits_for_its_listener() {
    try (Client.Conversation talk = asking.client().talk(9000)) {
      assertThat(talk.get("/").pod()).isEqualTo("store-1");
    }
    assertThat(asking.asked()).contains("LDS 10.96.0.1_9000", "LDS 0.0.0.0_9000");
    assertThat(asking.config().listeners())
        .containsOnlyKeys("virtualOutbound", "virtualInbound", "10.96.0.1_9000");
  }

  @Test
  void a_host_that_there_is_not_is_asked_for_once_and_taken_when_it_appears() {
    assertThat(asking.client().get("/", "host: late.shop").status()).isEqualTo(502);
    long waits = asking.demands().waits();
    assertThat(asking.client().get("/", "host: late.shop").status()).isEqualTo(502);
    assertThat(asking.demands().waits()).isEqualTo(waits);

    world.service(
        "west",
        "{name: late.shop, vip: 10.96.0.11, ports: [{name: http, port: 8000, targetPort: 8080}]}");
    asking.changed();
    Settle.until(
        "the service", () -> asking.client().get("/", "host: late.shop").pod().equals("late-1"));
    assertThat(asking.demands().waits()).isEqualTo(waits);
  }

  @Test
  void what_is_held_follows_the_mesh() {
    assertThat(asking.client().get("/").status()).isEqualTo(200);
    world.objects(
        """
        - apiVersion: networking.istio.io/v1
          kind: VirtualService
          metadata: {name: web, namespace: shop}
          spec:
            hosts: [web]
            http: [{route: [{destination: {host: other.shop.svc.cluster.local}}]}]
        """);
    asking.changed();
    Settle.until("the new route", () -> asking.client().get("/").pod().equals("other-1"));

    assertThat(asking.config().clusters()).containsKey(OTHER).doesNotContainKey(WEB);
  }

  @Test
  void without_a_control_plane_nobody_waits_and_what_is_known_is_served() {
    assertThat(asking.client().get("/").status()).isEqualTo(200);
    asking.leave();
    long waits = asking.demands().waits();

    assertThat(asking.client().get("/", "host: other.shop").status()).isEqualTo(502);
    assertThat(asking.client().get("/").pod()).isEqualTo("web-1");
    assertThat(asking.demands().waits()).isEqualTo(waits);
  }

  @Test
  void an_answer_that_does_not_come_is_waited_for_once() {
    assertThat(asking.client().get("/").status()).isEqualTo(200);
    asking.fallSilent();

    assertThat(asking.client().get("/", "host: other.shop").status()).isEqualTo(502);
    assertThat(asking.demands().vain()).isEqualTo(1);
    assertThat(asking.client().get("/", "host: other.shop").status()).isEqualTo(502);
    assertThat(asking.demands().vain()).isEqualTo(1);
  }

  @Test
  void a_restart_is_warm() {
    assertThat(asking.client().get("/").status()).isEqualTo(200);
    asking.close();

    asking = world.onDemandClient("client-1").start();
    assertThat(asking.config().clusters()).containsKey(WEB).doesNotContainKey(OTHER);
    assertThat(asking.client().get("/").pod()).isEqualTo("web-1");
  }

  @Test
  void after_a_restart_without_a_control_plane_what_was_asked_for_is_served() {
    assertThat(asking.client().get("/").status()).isEqualTo(200);
    asking.close();

    asking = world.onDemandClient("client-1").alone().start();
    assertThat(asking.client().get("/").pod()).isEqualTo("web-1");
    assertThat(asking.client().get("/", "host: other.shop").status()).isEqualTo(502);
  }

  @Test
  void many_first_calls_at_once_all_arrive() {
    List<String> hosts = List.of("web.shop", "other.shop", "unused.shop", "web", "other", "unused");
    List<String> pods =
        hosts.parallelStream()
            .map(host -> asking.client().get("/", "host: " + host).pod())
            .toList();
    assertThat(pods)
        .containsExactly("web-1", "other-1", "unused-1", "web-1", "other-1", "unused-1");
  }
}
