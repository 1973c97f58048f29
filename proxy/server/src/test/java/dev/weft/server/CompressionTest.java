package dev.weft.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Cluster;
import dev.weft.runtime.HttpFilter;
import dev.weft.server.worker.PeerLimits;
import dev.weft.server.worker.ProxySettings;
import dev.weft.server.worker.Worker;
import dev.weft.testkit.Settle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers are compressed on their way, whatever version and framing they come and go in. */
class CompressionTest {
  private static final String TEXT = "Lorem ipsum dolor sit amet. ".repeat(2_000);
  private static final String HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n";
  private static final String OLD_GET = "GET / HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\n";
  private static final int PLACES = 8;
  private static final int MANY = 1_000;

  private static final List<HttpFilter> COMPRESSES =
      List.of(
          new HttpFilter.Cors(),
          new HttpFilter.Compressor(
              "compressor.text.gzip",
              true,
              -1,
              HttpFilter.Compressor.Strategy.DEFAULT,
              30,
              List.of("text/html", "text/event-stream"),
              false,
              true,
              List.of()),
          new HttpFilter.Router(false));

  @RegisterExtension
  final Front front =
      new Front(
          ProxySettings.ofLoops(1).withPeers(new PeerLimits(1 << 24, 1 << 26, 5_000, PLACES)),
          channel -> null);

  private void serve(Origin origin, Cluster.Protocol protocol) {
    front.proxy.apply(
        new Configs()
            .cluster(Configs.speaking(protocol, Configs.cluster("app")), origin.port())
            .routes("table", Configs.route("/", "app"))
            .listener(
                Configs.plain(
                    "front",
                    front.port,
                    Configs.http("table", COMPRESSES, Configs.logs("BYTES_SENT"))))
            .build());
  }

  private Peer connectTo(Origin origin) {
    serve(origin, Cluster.Protocol.HTTP1);
    return front.connect();
  }

  private int coders() {
    return ((Worker) Objects.requireNonNull(front.proxy.worker(0))).workload().coders().taken();
  }

  private void expectNoCoders() {
    Settle.until("all coders are gone", () -> coders() == 0);
  }

  /** Answers each request with what comes after the first line and the type. */
  private static Origin answering(String rest) {
    return new Origin(
        peer -> {
          while (!peer.head().isEmpty()) {
            peer.send(HTML + rest);
          }
        });
  }

  private static String gunzip(String body) {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(body.getBytes(ISO_8859_1)))) {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void content_of_known_length_becomes_chunks_and_the_connection_stays() {
    try (Origin origin = answering("Content-Length: " + TEXT.length() + "\r\n\r\n" + TEXT);
        Peer client = connectTo(origin)) {
      for (int i = 0; i < 3; i++) {
        Peer.Response response = client.send(GET).response();
        assertThat(gunzip(response.body())).isEqualTo(TEXT);
        assertThat(response.has("content-encoding: gzip")).isTrue();
        assertThat(response.has("vary: accept-encoding")).isTrue();
        assertThat(response.has("transfer-encoding: chunked")).isTrue();
        assertThat(response.head().toLowerCase()).doesNotContain("content-length");
        assertThat(front.logs.next()).contains("\"" + response.body().length() + "\"");
      }
      assertThat(origin.accepted.get()).isEqualTo(1);
      expectNoCoders();
    }
  }

  @Test
  void the_server_does_not_hear_that_its_answer_could_be_smaller() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = connectTo(origin)) {
      assertThat(client.send(GET).response().body().toLowerCase()).doesNotContain("accept-enc");
    }
  }

  @Test
  void chunks_are_compressed_and_what_follows_them_follows() {
    try (Origin origin =
            answering(
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n");
        Peer client = connectTo(origin)) {
      client.send(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      String all = client.rest();
      assertThat(all).endsWith("\r\n0\r\nx: y\r\n\r\n");
      assertThat(all.split("transfer-encoding", -1)).hasSize(2);
    }
    try (Origin origin =
            answering("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        Peer client = connectTo(origin)) {
      assertThat(gunzip(client.send(GET).response().body())).isEqualTo("abcde");
      assertThat(gunzip(client.send(GET).response().body())).isEqualTo("abcde");
    }
  }

  @Test
  void content_up_to_the_end_of_the_connection_gets_an_end() {
    Origin closing =
        new Origin(
            peer -> {
              peer.head();
              peer.send(HTML + "\r\n" + TEXT);
            });
    try (closing;
        Peer client = connectTo(closing)) {
      assertThat(gunzip(client.send(GET).response().body())).isEqualTo(TEXT);
      assertThat(gunzip(client.send(GET).response().body())).isEqualTo(TEXT);
    }
    expectNoCoders();
  }

  @Test
  void a_client_before_chunks_reads_to_the_end_of_its_connection() {
    try (Origin origin = answering("Content-Length: " + TEXT.length() + "\r\n\r\n" + TEXT);
        Peer client = connectTo(origin)) {
      client.send(OLD_GET + "Connection: keep-alive\r\n\r\n");
      String head = client.head().toLowerCase();
      assertThat(head).contains("connection: close").doesNotContain("content-length", "chunked");
      assertThat(gunzip(client.rest())).isEqualTo(TEXT);
    }
  }

  @Test
  void what_answers_head_has_no_content() {
    try (Origin origin = answering("Content-Length: 1000\r\n\r\n");
        Peer client = connectTo(origin)) {
      client.send(GET.replace("GET", "HEAD"));
      String head = client.head().toLowerCase();
      assertThat(head).contains("vary: accept-encoding", "content-length: 1000");
      assertThat(head).doesNotContain("content-encoding");
      assertThat(client.send(GET.replace("GET", "HEAD")).head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void streams_of_both_sides_are_compressed_with_what_follows_them() {
    Origin origin =
        new Origin(
            peer -> {
              FramePeer server = FramePeer.server(peer);
              for (var call = server.message(); call != null; call = server.message()) {
                server.headers(call.stream(), false, ":status", "200", "content-type", "text/html");
                server.data(call.stream(), TEXT.substring(0, 10_000), false);
                server.headers(call.stream(), true, "x-after", "all");
              }
            });
    try (origin) {
      serve(origin, Cluster.Protocol.HTTP2);
      try (FramePeer client = FramePeer.client(front.connect())) {
        client.get(1, "/", "accept-encoding", "gzip").get(3, "/");
        Map<Integer, FramePeer.Answer> answers = client.answers(1, 3);
        FramePeer.Answer coded = Objects.requireNonNull(answers.get(1));
        assertThat(coded.head()).containsEntry("content-encoding", "gzip");
        assertThat(gunzip(coded.body())).isEqualTo(TEXT.substring(0, 10_000));
        assertThat(coded.trailers()).containsEntry("x-after", "all");
        FramePeer.Answer plain = Objects.requireNonNull(answers.get(3));
        assertThat(plain.body()).isEqualTo(TEXT.substring(0, 10_000));
        assertThat(plain.head()).doesNotContainKey("content-encoding");
      }
      try (Peer client = front.connect()) {
        client.send(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        assertThat(client.rest()).endsWith("\r\n0\r\nx-after: all\r\n\r\n");
      }
    }
    expectNoCoders();
  }

  @Test
  void an_event_arrives_before_the_next_one_is_sent() throws IOException {
    CountDownLatch read = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n");
              await(read);
              peer.send("data: two\n\n");
            });
    try (origin;
        Peer client = connectTo(origin)) {
      client.send(GET.replace("1.1", "1.0"));
      assertThat(client.head()).contains("content-encoding: gzip");
      GZIPInputStream in = new GZIPInputStream(byteByByte(client));
      assertThat(in.readNBytes(11)).asString().isEqualTo("data: one\n\n");
      read.countDown();
      assertThat(in.readAllBytes()).asString().isEqualTo("data: two\n\n");
    }
  }

  /** What comes, as soon as it comes. */
  private static InputStream byteByByte(Peer peer) {
    return new InputStream() {
      @Override
      public int read() {
        String next = peer.bytes(1);
        return next.isEmpty() ? -1 : next.charAt(0);
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        int next = read();
        if (next >= 0) {
          into[offset] = (byte) next;
        }
        return next < 0 ? -1 : 1;
      }
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IOException("waited in vain");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void a_slow_reader_makes_the_server_wait() throws IOException {
    byte[] noise = new byte[1 << 20];
    new Random(7).nextBytes(noise);
    int rounds = 48;
    AtomicLong sent = new AtomicLong();
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send(HTML + "Content-Length: " + noise.length * (long) rounds + "\r\n\r\n");
              for (int i = 0; i < rounds; i++) {
                peer.send(noise);
                sent.incrementAndGet();
              }
              peer.head();
            });
    try (origin) {
      serve(origin, Cluster.Protocol.HTTP1);
      Socket socket = new Socket();
      socket.setReceiveBufferSize(1 << 12);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port));
      try (Peer client = new Peer(socket)) {
        client.send(OLD_GET + "\r\n");
        assertThat(client.head()).contains("content-encoding: gzip");
        Worker worker = Objects.requireNonNull(front.proxy.worker(0));
        Settle.until("the proxy waits for its client", () -> worker.held() > 0);
        assertThat(worker.held()).isLessThan(2 << 20);
        assertThat(sent.get()).isLessThan(rounds);
        GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(latin(client.rest())));
        for (int i = 0; i < rounds; i++) {
          assertThat(in.readNBytes(noise.length)).isEqualTo(noise);
        }
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }

  @Test
  void whoever_leaves_in_the_middle_leaves_no_coder_behind() {
    CountDownLatch gone = new CountDownLatch(1);
    Origin endless =
        new Origin(
            peer -> {
              peer.head();
              peer.send(HTML + "Content-Length: 100000\r\n\r\n" + "x".repeat(1000));
              await(gone);
              peer.send("y");
              peer.rest();
            });
    Origin broken =
        new Origin(
            peer -> {
              peer.head();
              peer.send(HTML + "Content-Length: 100000\r\n\r\n" + "x".repeat(1000));
              await(gone);
            });
    try (endless;
        broken) {
      try (Peer client = connectTo(endless)) {
        assertThat(client.send(GET).head()).contains("content-encoding: gzip");
        assertThat(coders()).isEqualTo(1);
        client.reset();
      }
      expectNoCoders();
      try (Peer client = connectTo(broken)) {
        assertThat(client.send(GET).head()).contains("content-encoding: gzip");
        gone.countDown();
        assertThat(client.rest()).doesNotEndWith("0\r\n\r\n");
      }
      expectNoCoders();
    }
  }

  @Test
  void of_a_thousand_answers_at_once_so_many_are_compressed_as_there_are_places() {
    CountDownLatch begun = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send(HTML + "Content-Length: 200\r\n\r\n" + "x".repeat(100));
              await(begun);
              peer.send("y".repeat(100));
              peer.head();
            });
    try (origin) {
      serve(origin, Cluster.Protocol.HTTP1);
      try (FramePeer client = FramePeer.client(front.connect())) {
        for (int i = 0; i < MANY; i++) {
          client.get(2 * i + 1, "/", "accept-encoding", "gzip");
        }
        Set<Integer> coded = new HashSet<>();
        Map<Integer, String> bodies = new TreeMap<>();
        int heads = 0;
        int ended = 0;
        while (ended < MANY) {
          FramePeer.Frame frame = client.nextOfStreams();
          assertThat(frame.type()).isIn(FramePeer.HEADERS, FramePeer.DATA);
          if (frame.type() == FramePeer.HEADERS) {
            heads++;
            if (client.decoded(frame).containsKey("content-encoding")) {
              coded.add(frame.stream());
            }
          } else {
            bodies.merge(frame.stream(), new String(frame.payload(), ISO_8859_1), (a, b) -> a + b);
          }
          if (heads == MANY) {
            assertThat(coders()).isLessThanOrEqualTo(PLACES);
            begun.countDown();
          }
          ended += frame.flags() & FramePeer.END_STREAM;
        }
        assertThat(coded).hasSize(PLACES);
        String whole = "x".repeat(100) + "y".repeat(100);
        bodies.forEach(
            (stream, body) ->
                assertThat(coded.contains(stream) ? gunzip(body) : body).isEqualTo(whole));
        assertThat(bodies).hasSize(MANY);
      }
    }
    expectNoCoders();
  }
}
