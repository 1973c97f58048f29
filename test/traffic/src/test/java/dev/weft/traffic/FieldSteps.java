package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.Peer;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Carries out the steps of a case, by their first word: {@code get} a path, {@code hold} a request
 * that is never answered, {@code hello}: begin TLS through the sidecar, {@code sticky}: sixty keys
 * that keep to their pods, {@code copies} of requests, {@code idle} connections, {@code failing}
 * pods, {@code config}: what a proxy has compiled. What is expected stands beside it.
 */
final class FieldSteps {
  private static final int KEYS = 60;
  private static final String KEY = "KEY";

  private final FieldWorld world;
  private final Client client;
  private final List<Peer> held = new ArrayList<>();

  FieldSteps(FieldWorld world, Client client) {
    this.world = world;
    this.client = client;
  }

  void run(List<Words> steps) {
    try {
      for (Words step : steps) {
        step(step);
        step.done();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      held.forEach(Peer::close);
      world.mesh().app.failing();
    }
  }

  private void step(Words step) throws IOException, GeneralSecurityException {
    if (step.has("get")) {
      get(step);
    } else if (step.has("hold")) {
      hold(step);
    } else if (step.has("hello")) {
      hello(step);
    } else if (step.has("sticky")) {
      sticky(step);
    } else if (step.has("copies")) {
      copies(step);
    } else if (step.has("idle")) {
      int idle = step.number("idle", 0);
      String cluster = step.text("cluster", "");
      Settle.until(
          "idle connections", () -> client.proxy().server().idleConnections(cluster) == idle);
    } else if (step.has("failing")) {
      world.mesh().app.failing(step.texts("failing").toArray(String[]::new));
    } else if (step.has("config")) {
      config(step);
    } else {
      throw new IllegalArgumentException("nothing to do in " + step);
    }
  }

  /** Where a step connects to: the client's sidecar, a port of a gateway, or a server's proxy. */
  private InetSocketAddress address(Words step) {
    String pod = step.text("at", "client-1");
    int port = step.number("port", pod.startsWith("web-") ? 8080 : 8000);
    return new InetSocketAddress(world.mesh().pod(pod).address(), port);
  }

  private Peer connect(Words step, String source) throws IOException, GeneralSecurityException {
    InetSocketAddress address = address(step);
    if (step.has("tls")) {
      Words tls = new Words(step.map("tls"));
      String shown = tls.text("certificate", "");
      Peer peer =
          new TlsCall(
                  tls.text("sni", FieldWorld.HOST),
                  tls.text("version", ""),
                  tls.text("cipher", ""),
                  shown.isEmpty() ? null : world.certificate(shown))
              .connect(address);
      tls.done();
      return peer;
    }
    return source.isEmpty()
        ? Peer.connect(address)
        : new Peer(
            new Socket(address.getAddress(), address.getPort(), InetAddress.getByName(source), 0));
  }

  private void send(Peer peer, Words step, String key) {
    StringBuilder head =
        new StringBuilder(step.text("method", "GET"))
            .append(' ')
            .append(step.text("get", step.text("hold", "/")).replace(KEY, key))
            .append(" HTTP/1.1\r\nhost: ")
            .append(step.text("host", "web.shop"));
    for (String header : step.texts("headers")) {
      head.append("\r\n").append(header.replace(KEY, key));
    }
    peer.send(head.append("\r\n\r\n").toString());
  }

  private void get(Words step) throws IOException, GeneralSecurityException {
    int times = step.number("times", 1);
    int before = world.mesh().app.received.size();
    Map<String, Integer> answers = new TreeMap<>();
    Client.Answer last = null;
    if (step.flag("closed")) {
      assertThat(closed(step)).as("no answer to %s", step).isTrue();
      return;
    }
    long start = System.nanoTime();
    try (Peer peer = connect(step, step.text("from", ""))) {
      for (int i = 0; i < times; i++) {
        send(peer, step, client.key());
        last = new Client.Answer(peer.response());
        answers.merge(
            last.status() == 200 && !last.pod().isEmpty()
                ? last.pod()
                : String.valueOf(last.status()),
            1,
            Integer::sum);
      }
    }
    // Bounded from below alone: a machine may be slow.
    assertThat(System.nanoTime() - start)
        .isGreaterThanOrEqualTo(Duration.ofMillis(step.number("took", 0)).toNanos());
    counted(step, answers);
    if (last != null) {
      answered(step, last);
    }
    if (step.has("attempts")) {
      assertThat(world.mesh().app.received.size() - before)
          .as("attempts of %s", step)
          .isEqualTo(step.number("attempts", 0));
    }
  }

  private boolean closed(Words step) throws GeneralSecurityException {
    // Where nobody listens, nothing is sent.
    step.known("host", "method", "headers");
    try (Peer peer = connect(step, "")) {
      send(peer, step, client.key());
      return peer.head().isEmpty();
    } catch (IOException | UncheckedIOException e) {
      boolean open =
          e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException;
      return !open;
    }
  }

  private static void counted(Words step, Map<String, Integer> answers) {
    if (step.has("pods")) {
      assertThat(answers.keySet())
          .as("answers to %s", step)
          .containsExactlyInAnyOrderElementsOf(step.texts("pods"));
    }
    step.map("counts")
        .forEach(
            (pod, range) -> {
              String[] bounds = range.toString().split("-", 2);
              assertThat(answers.getOrDefault(pod, 0))
                  .as("answers of %s to %s: %s", pod, step, answers)
                  .isBetween(
                      Integer.parseInt(bounds[0]), Integer.parseInt(bounds[bounds.length - 1]));
            });
  }

  private static void answered(Words step, Client.Answer answer) {
    boolean any = step.has("counts");
    if (step.has("status") || !any) {
      assertThat(answer.status())
          .as("%s: %s", step, answer.body())
          .isEqualTo(step.number("status", 200));
    }
    if (step.has("pod")) {
      assertThat(answer.pod()).as("%s", step).matches(step.text("pod", ""));
    }
    if (step.has("line")) {
      assertThat(answer.line()).isEqualTo(step.text("line", ""));
    }
    if (step.has("body")) {
      assertThat(answer.body()).contains(step.text("body", ""));
    }
    step.texts("received").forEach(r -> assertThat(answer.received()).contains(r));
    step.texts("missing").forEach(r -> assertThat(answer.received()).doesNotContain(r));
    headers(step, answer);
  }

  private static void headers(Words step, Client.Answer answer) {
    step.map("has")
        .forEach(
            (name, value) ->
                assertThat(answer.header(name))
                    .as("%s of %s", name, step)
                    .isEqualTo(value.toString()));
    step.map("matches")
        .forEach(
            (name, value) ->
                assertThat(answer.header(name))
                    .as("%s of %s", name, step)
                    .matches(value.toString()));
  }

  private void hold(Words step) throws IOException, GeneralSecurityException {
    String path = step.text("hold", "/never") + "/" + client.key() + held.size();
    Peer peer = connect(step, "");
    held.add(peer);
    peer.send("GET " + path + " HTTP/1.1\r\nhost: " + step.text("host", "web.shop") + "\r\n\r\n");
    Settle.until("it is held", () -> received(path + " ").size() == 1);
  }

  private List<String> received(String part) {
    return world.mesh().app.received.stream().filter(r -> r.contains(part)).toList();
  }

  private void hello(Words step) throws IOException {
    InetSocketAddress address = address(step);
    try (Peer peer = Peer.connect(address)) {
      peer.send(ClientHellos.naming(step.text("hello", "")));
      assertThat(peer.rest()).as("%s", step).matches(step.text("pod", ""));
    }
  }

  private void sticky(Words step) throws IOException, GeneralSecurityException {
    Words call = new Words(step.map("sticky"));
    Set<String> pods = new HashSet<>();
    for (int i = 1; i <= KEYS; i++) {
      String pod = sticky(call, i);
      assertThat(sticky(call, i)).as("key %s of %s", i, call).isEqualTo(pod);
      pods.add(pod);
    }
    call.done();
    assertThat(pods).as("%s", step).containsExactlyInAnyOrder("web-v1", "web-v2a", "web-v2b");
  }

  private String sticky(Words call, int key) throws IOException, GeneralSecurityException {
    String source = call.flag("bySource") ? "127.0.1." + key : "";
    try (Peer peer = connect(call, source)) {
      send(peer, call, "k" + key);
      return new Client.Answer(peer.response()).pod();
    }
  }

  private void copies(Words step) {
    String start = step.text("copies", "") + " ";
    String path = " " + step.text("of", "/").replace(KEY, client.key()) + " ";
    int count = step.number("count", 0);
    if (count > 0) {
      Settle.until(
          "copies arrive",
          () -> received(path).stream().filter(r -> r.startsWith(start)).count() >= count);
    }
    assertThat(received(path).stream().filter(r -> r.startsWith(start)))
        .as("%s", step)
        .hasSize(count)
        .allSatisfy(
            r ->
                assertThat(r.toLowerCase(Locale.ROOT))
                    .contains(step.texts("with").toArray(String[]::new)));
  }

  private void config(Words step) {
    Words of = new Words(step.map("config"));
    String pod = of.text("of", "client-1");
    RuntimeConfig config =
        pod.equals("client-1") ? client.proxy().config() : of(world.mesh().proxies(), pod).config();
    String text =
        of.has("cluster")
            ? of(config.clusters(), of.text("cluster", "")).toString()
            : of.has("listener")
                ? of(config.listeners(), of.text("listener", "")).toString()
                : of.has("endpoints")
                    ? of(config.assignments(), of.text("endpoints", "")).toString()
                    : of(config.routeTables(), of.text("routes", "")).virtualHosts().toString();
    of.done();
    step.texts("contains").forEach(part -> assertThat(text).contains(part));
    step.texts("lacks").forEach(part -> assertThat(text).doesNotContain(part));
  }

  private static <T> T of(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new AssertionError("no " + name + " among " + map.keySet());
    }
    return value;
  }
}
