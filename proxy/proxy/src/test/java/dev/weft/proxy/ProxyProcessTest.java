package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.weft.proxy.admin.PlainHttp;
import dev.weft.testkit.Ports;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyProcessTest {
  @TempDir Path directory;
  private final ControlPlane controlPlane = new ControlPlane();
  private int port;
  private int agentPort;

  @BeforeEach
  void begin() throws IOException {
    Files.writeString(directory.resolve("root.pem"), controlPlane.rootPem());
    Files.writeString(directory.resolve("token"), "pod-token\n");
    port = Ports.free();
    agentPort = Ports.free();
    controlPlane.start();
    controlPlane.set(XdsType.LISTENER, "web", listener("web", port));
    controlPlane.set(XdsType.ROUTE, "80", routes("hello"));
  }

  @AfterEach
  void end() {
    controlPlane.close();
  }

  private ProxyProcess start() {
    return ProxyProcess.start(new ProxyOptions("sidecar", "", "warning", 1), variables());
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("POD_NAME", "web-1");
    variables.put("POD_NAMESPACE", "shop");
    variables.put("INSTANCE_IP", "127.0.0.1");
    variables.put("SERVICE_ACCOUNT", "web");
    variables.put("ISTIO_META_CLUSTER_ID", "cluster1");
    variables.put("ISTIOD_SAN", ControlPlane.NAME);
    variables.put(
        "PROXY_CONFIG",
        "{\"discoveryAddress\":\""
            + controlPlane.address()
            + "\",\"terminationDrainDuration\":\"10ms\"}");
    variables.put("WEFT_TOKEN_FILE", directory.resolve("token").toString());
    variables.put("WEFT_ROOT_FILE", directory.resolve("root.pem").toString());
    variables.put("WEFT_STATE_DIR", directory.resolve("state").toString());
    variables.put("WEFT_PORTS", "0," + agentPort + ",0,0,0");
    return variables;
  }

  private static void settle(BooleanSupplier condition) {
    settle(Duration.ofSeconds(60), condition);
  }

  private static void settle(Duration most, BooleanSupplier condition) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("settled in time").isLessThan(deadline);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  private String body() {
    try {
      return PlainHttp.ask(
              new InetSocketAddress("127.0.0.1", port),
              null,
              "GET",
              "/",
              Map.of(),
              Duration.ofSeconds(60))
          .body();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void a_proxy_gets_its_identity_and_configuration_and_serves() throws InterruptedException {
    try (ProxyProcess proxy = start()) {
      settle(() -> proxy.missing().isEmpty());

      assertThat(body()).isEqualTo("hello");
      assertThat(proxy.identity().current())
          .satisfies(i -> assertThat(i).isNotNull())
          .hasToString(String.valueOf(proxy.identity().current()))
          .asString()
          .contains("spiffe://cluster.local/ns/shop/sa/web", "[redacted]");
      assertThat(controlPlane.callers).contains("ca Bearer pod-token@cluster1");

      DeltaDiscoveryRequest answer = controlPlane.answers.poll(60, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();

      controlPlane.set(XdsType.ROUTE, "80", routes("changed"));
      settle(() -> body().equals("changed"));
    }
  }

  @Test
  void what_it_cannot_do_is_refused_by_name_and_the_rest_goes_on() {
    try (ProxyProcess proxy = start()) {
      settle(() -> proxy.missing().isEmpty());
      controlPlane.answers.clear();

      controlPlane.set(
          XdsType.LISTENER,
          "web",
          listener("web", port).toBuilder()
              .setTransparent(com.google.protobuf.BoolValue.of(true))
              .build());

      settle(() -> !proxy.rejections().isEmpty());
      settle(
          () ->
              controlPlane.answers.stream()
                  .anyMatch(a -> a.getErrorDetail().getMessage().startsWith("web: transparent")));
      assertThat(body()).isEqualTo("hello");
    }
  }

  @Test
  void a_lost_control_plane_changes_nothing_and_a_new_one_is_found_again() {
    try (ProxyProcess proxy = start()) {
      settle(() -> proxy.missing().isEmpty());
      controlPlane.stop();
      settle(() -> proxy.controlPlane().startsWith("not connected"));

      assertThat(body()).isEqualTo("hello");
      assertThat(proxy.missing()).isEmpty();

      controlPlane.start();
      controlPlane.set(XdsType.ROUTE, "80", routes("back"));
      settle(() -> body().equals("back"));
      // The second stream shows the certificate.
      assertThat(controlPlane.callers).contains("ads certificate@cluster1");
    }
  }

  @Test
  void a_restart_without_a_control_plane_serves_the_last_good_configuration() {
    try (ProxyProcess proxy = start()) {
      settle(() -> proxy.missing().isEmpty());
    }
    controlPlane.stop();

    try (ProxyProcess proxy = start()) {
      settle(() -> body().equals("hello"));
      assertThat(proxy.missing()).startsWith("no certificate yet");
    }
  }

  @Test
  void nobody_but_its_own_pod_ends_a_proxy() throws IOException, InterruptedException {
    try (ProxyProcess proxy = start()) {
      InetSocketAddress agent = new InetSocketAddress("127.0.0.1", agentPort);
      // What a proxy passes on to its pod comes from this address, though somebody else sent it.
      InetAddress passedOn = InetAddress.ofLiteral("127.0.0.6");

      assertThat(ask(agent, passedOn, "POST", "/quitquitquit").status()).isEqualTo(403);
      assertThat(ask(agent, passedOn, "GET", "/healthz/ready").status()).isNotEqualTo(403);
      assertThat(ask(agent, null, "GET", "/quitquitquit").status()).isEqualTo(405);

      assertThat(ask(agent, null, "POST", "/quitquitquit").status()).isEqualTo(200);
      proxy.awaitEnd();
    }
  }

  private static PlainHttp.Response ask(
      InetSocketAddress server, @Nullable InetAddress from, String method, String path)
      throws IOException {
    return PlainHttp.ask(server, from, method, path, Map.of(), Duration.ofSeconds(60));
  }

  /**
   * As a container with {@code readOnlyRootFilesystem} has it: nothing can be written but the
   * volume for the proxy's data. In a mount namespace of its own.
   */
  @Test
  void a_read_only_root_is_enough_for_the_whole_process() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/usr/bin/unshare")) && "root".equals(System.getProperty("user.name")),
        "needs root and unshare to make a mount namespace");
    Path output = directory.resolve("output");
    String script =
        """
        set -e
        mount --make-rprivate /
        mkdir -p "$WEFT_STATE_DIR"
        findmnt -rno TARGET | while read -r target; do
          mount -o remount,bind,ro "$(printf '%b' "$target")" 2>/dev/null || true
        done
        mount -t tmpfs tmpfs "$WEFT_STATE_DIR"
        ! touch /tmp/written 2>/dev/null
        ! touch /var/tmp/written 2>/dev/null
        exec "$@"
        """;
    ProcessBuilder builder =
        new ProcessBuilder(
                "unshare",
                "-m",
                "sh",
                "-c",
                script,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weft.proxy.Main",
                "proxy",
                "sidecar")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(variables());
    Process process = builder.start();
    try {
      // A JVM that begins on a busy machine takes its time.
      settle(Duration.ofSeconds(60), () -> body().equals("hello") || !process.isAlive());

      assertThat(body()).as(Files.readString(output)).isEqualTo("hello");
      ask(new InetSocketAddress("127.0.0.1", agentPort), null, "POST", "/quitquitquit");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(output)).doesNotContainIgnoringCase("read-only");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void without_a_place_for_native_libraries_the_message_says_what_to_mount() {
    Path file = directory.resolve("token");
    SequencedSet<Path> none = new LinkedHashSet<>(List.of(file, file.resolve("below")));

    assertThatThrownBy(() -> NativeDirectory.firstWritable(none))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("mount an emptyDir");
  }

  @Test
  void a_certificate_is_renewed_at_half_of_its_life() {
    controlPlane.certificateLife = Duration.ofSeconds(2);
    try (ProxyProcess proxy = start()) {
      settle(
          () -> {
            var identity = proxy.identity().current();
            return identity != null && identity.generation() >= 3;
          });
    }
  }

  private static Any any(Message message) {
    return Any.newBuilder()
        .setTypeUrl("type.googleapis.com/" + message.getDescriptorForType().getFullName())
        .setValue(message.toByteString())
        .build();
  }

  private static Listener listener(String name, int port) {
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(name)
            .setRds(Rds.newBuilder().setRouteConfigName("80"))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("router")
                    .setTypedConfig(any(Router.getDefaultInstance())))
            .build();
    return Listener.newBuilder()
        .setName(name)
        .setAddress(
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port)))
        .setPerConnectionBufferLimitBytes(UInt32Value.of(1))
        .addFilterChains(
            FilterChain.newBuilder().addFilters(Filter.newBuilder().setTypedConfig(any(manager))))
        .build();
  }

  private static RouteConfiguration routes(String body) {
    return RouteConfiguration.newBuilder()
        .setName("80")
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName("all")
                .addDomains("*")
                .addRoutes(
                    Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setDirectResponse(
                            DirectResponseAction.newBuilder()
                                .setStatus(200)
                                .setBody(DataSource.newBuilder().setInlineString(body)))))
        .build();
  }
}
