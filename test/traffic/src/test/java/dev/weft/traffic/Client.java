package dev.weft.traffic;

import dev.weft.server.FramePeer;
import dev.weft.server.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An application beside its sidecar, which calls {@code web.shop:8000} unless told otherwise. */
final class Client implements AutoCloseable {
  private static final String HOST = "host: ";

  private final Pod pod;
  private final LiveProxy proxy;
  private final String agent;
  private final boolean http2;
  final App app;

  Client(Pod pod, LiveProxy proxy, App app, String agent) {
    this(pod, proxy, app, agent, false);
  }

  private Client(Pod pod, LiveProxy proxy, App app, String agent, boolean http2) {
    this.pod = pod;
    this.proxy = proxy;
    this.app = app;
    this.agent = agent;
    this.http2 = http2;
  }

  /** The same, in HTTP/2. */
  Client overHttp2() {
    return new Client(pod, proxy, app, agent, true);
  }

  /** An answer. */
  record Answer(Peer.Response response) {
    int status() {
      return response.status();
    }

    String pod() {
      return header("x-pod");
    }

    /** A header's value; empty where there is none. */
    String header(String name) {
      return response.value(name);
    }

    /** What the application received, in lower case. */
    String received() {
      return response.body().toLowerCase(Locale.ROOT);
    }

    /** The first line of what the application received. */
    String line() {
      return response.body().lines().findFirst().orElse("");
    }

    String body() {
      return response.body();
    }
  }

  /** A kept connection. */
  final class Conversation implements AutoCloseable {
    private final Peer peer;
    private final @Nullable FramePeer frames;
    private int stream = -1;

    private Conversation(Peer peer) {
      this.peer = peer;
      this.frames = http2 ? FramePeer.client(peer) : null;
    }

    Conversation send(String method, String path, String... headers) {
      List<String> all = Arrays.asList(headers);
      String host =
          all.stream().filter(h -> h.startsWith(HOST)).findFirst().orElse(HOST + "web.shop");
      if (frames != null) {
        stream += 2;
        frames.message(
            stream,
            Stream.concat(
                    Stream.of(
                        ":method: " + method,
                        ":scheme: http",
                        ":path: " + path,
                        ":authority: " + host.substring(HOST.length()),
                        "user-agent: " + agent),
                    all.stream().filter(h -> !h.startsWith(HOST)))
                .toList());
        return this;
      }
      StringBuilder head =
          new StringBuilder(
              method + " " + path + " HTTP/1.1\r\n" + host + "\r\nuser-agent: " + agent);
      all.stream().filter(h -> !h.startsWith(HOST)).forEach(h -> head.append("\r\n").append(h));
      peer.send(head.append("\r\n\r\n").toString());
      return this;
    }

    Answer answer() {
      return new Answer(frames == null ? peer.response() : frames.response(stream));
    }

    Answer get(String path, String... headers) {
      return send("GET", path, headers).answer();
    }

    /** Whether anything comes back before the connection ends. */
    boolean answered() {
      try {
        return peer.read() >= 0;
      } catch (UncheckedIOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      peer.close();
    }
  }

  Conversation talk() {
    return talk(LiveProxy.SERVICE_PORTS[0]);
  }

  Conversation talk(int port) {
    return new Conversation(Peer.connect(new InetSocketAddress(pod.address(), port)));
  }

  /** All that comes back where this is sent and the output ends with it. */
  String answerOf(int port, String text) {
    try (Peer peer = Peer.connect(new InetSocketAddress(pod.address(), port))) {
      return peer.answerOf(text);
    }
  }

  /** A connection on which anything may be said. */
  Peer connect() {
    return Peer.connect(new InetSocketAddress(pod.address(), LiveProxy.SERVICE_PORTS[0]));
  }

  /** From another address of this machine. */
  Conversation talkFrom(String source) {
    try {
      return new Conversation(
          new Peer(
              new Socket(
                  InetAddress.getByName(pod.address()),
                  LiveProxy.SERVICE_PORTS[0],
                  InetAddress.getByName(source),
                  0)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer get(String path, String... headers) {
    try (Conversation one = talk()) {
      return one.get(path, headers);
    }
  }

  Answer send(String method, String path, String... headers) {
    try (Conversation one = talk()) {
      return one.send(method, path, headers).answer();
    }
  }

  /** Who answered how often, over one kept connection; statuses but 200 count as themselves. */
  Map<String, Integer> times(int count, String path, String... headers) {
    Map<String, Integer> answers = new TreeMap<>();
    try (Conversation one = talk()) {
      for (int i = 0; i < count; i++) {
        Answer answer = one.get(path, headers);
        answers.merge(
            answer.status() == 200 ? answer.pod() : String.valueOf(answer.status()),
            1,
            Integer::sum);
      }
    }
    return answers;
  }

  /** Tells requests of one feature from those of others, in paths. */
  String key() {
    return Integer.toHexString(agent.hashCode());
  }

  /** How many connections to {@code web} are kept and idle. */
  int idle() {
    return proxy.server().idleConnections("outbound|8000||web.shop.svc.cluster.local");
  }

  LiveProxy proxy() {
    return proxy;
  }

  /** The proxy hears of it when its clients have gone, and says so in its log, before it ends. */
  @Override
  public void close() {
    proxy.untilForsaken();
    proxy.close();
  }
}
