package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.apiserver.Samples;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people do with pods that run, and on whose behalf. */
class KubectlPodsTest extends RealClient {
  private static void runningPod(String name) throws Exception {
    kubectl("run", name, "--image=web:1");
    server
        .objects()
        .mergePatchStatus(
            Samples.PODS, "default", name, Samples.json("{'status':{'phase':'Running'}}"));
  }

  @Test
  void a_container_that_does_not_run_yet_has_no_log_and_says_why() throws Exception {
    kubectl("run", "pulling", "--image=web:1", "--overrides={\"spec\":{\"nodeName\":\"n\"}}");
    for (String reason : List.of("ContainerCreating", "ImagePullBackOff")) {
      server
          .objects()
          .mergePatchStatus(
              Samples.PODS,
              "default",
              "pulling",
              Samples.json(
                  "{'status':{'containerStatuses':[{'name':'pulling','state':{'waiting':{'reason':'"
                      + reason
                      + "'}}}]}}"));
      assertThat(run("", "logs", "pulling").err())
          .contains("(BadRequest): container \"pulling\" in pod \"pulling\" is waiting to start: ")
          .endsWith(
              reason.equals("ContainerCreating")
                  ? reason + "\n"
                  : "trying and failing to pull image\n");
    }
  }

  @Test
  void what_is_not_served_is_refused_in_words() throws Exception {
    runningPod("plain");
    assertThat(run("", "debug", "plain", "--image=web:1").err())
        .contains("ephemeral containers are disabled for this cluster");
    assertThat(run("", "top", "pod").err()).isEqualTo("error: Metrics API not available\n");
  }

  @Test
  void an_administrator_asks_as_somebody_else() throws Exception {
    assertThat(kubectl("auth", "whoami", "--as=jo", "--as-group=ops", "-o", "json"))
        .contains("\"username\": \"jo\"", "\"ops\"");
    assertThat(kubectl("auth", "can-i", "get", "pods", "--as=system:serviceaccount:default:x"))
        .isEqualTo("yes\n");
  }

  @Test
  void a_client_joins_a_container_that_runs() throws Exception {
    runningPod("joined");
    Kubectl.Ran ran = run("typed", "attach", "-i", "joined");
    assertThat(ran.out()).isEqualTo("welcome\ntyped");
    assertThat(ran.code()).isZero();
  }

  @Test
  void client_libraries_forward_over_plain_channels() throws Exception {
    runningPod("channels");
    LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Wire wire = Wire.of(server)) {
      int port = target.getLocalPort();
      WebSocket socket =
          wire.client()
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + server.adminToken())
              .subprotocols("v4.channel.k8s.io")
              .buildAsync(
                  wire.uri(
                      "wss", "/api/v1/namespaces/default/pods/channels/portforward?ports=" + port),
                  new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onBinary(
                        WebSocket from, ByteBuffer bytes, boolean last) {
                      byte channel = bytes.get();
                      received.add(channel + StandardCharsets.ISO_8859_1.decode(bytes).toString());
                      from.request(1);
                      return CompletableFuture.completedFuture(null);
                    }
                  })
              .get(60, TimeUnit.SECONDS);
      String number =
          new String(new byte[] {(byte) port, (byte) (port >> 8)}, StandardCharsets.ISO_8859_1);
      assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("0" + number);
      assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("1" + number);
      socket.sendBinary(ByteBuffer.wrap(new byte[] {0, 'h', 'i'}), true).get(60, TimeUnit.SECONDS);
      try (Socket connection = target.accept()) {
        assertThat(connection.getInputStream().readNBytes(2)).isEqualTo(new byte[] {'h', 'i'});
        connection.getOutputStream().write('!');
        assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("0!");
      }
    }
  }

  @Test
  void older_clients_execute_over_spdy() throws Exception {
    runningPod("spdy");
    List<String> command =
        List.of("kubectl", "exec", "-i", "spdy", "--", "sh", "-c", "cat; echo wrong >&2; exit 4");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", directory.resolve("config").toString());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false");
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write("typed".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("typed");
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("wrong\ncommand terminated with exit code 4\n");
    assertThat(process.waitFor()).isEqualTo(4);
  }

  @Test
  void ports_of_pods_are_forwarded() throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] page = new byte[300_000];
    new Random(1).nextBytes(page);
    web.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    web.start();
    runningPod("forwarded");
    Process forward =
        begin(
            "port-forward",
            "pod/forwarded",
            "--address=127.0.0.1",
            ":" + web.getAddress().getPort());
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8));
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher address =
          Pattern.compile("Forwarding from (127.0.0.1:\\d+) -> .*").matcher(lines.readLine());
      assertThat(address.matches()).isTrue();
      for (int i = 0; i < 2; i++) {
        byte[] body =
            client
                .send(
                    HttpRequest.newBuilder(URI.create("http://" + address.group(1) + "/")).build(),
                    HttpResponse.BodyHandlers.ofByteArray())
                .body();
        assertThat(body).isEqualTo(page);
      }
    } finally {
      forward.destroy();
      web.stop(0);
    }
  }
}
