package dev.weft.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Authorizer;
import dev.weft.runtime.Cluster;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An authorizer that speaks gRPC is shown bodies, whatever version they come in. */
class GrpcHeldBodiesTest {
  private static final String BIG = "0123456789abcdef".repeat(4_000);

  /** One byte that is no UTF-8. */
  private static final String BINARY = "a\u00ffb";

  /** What an HTTP/2 client may send before it is told to go on, in bytes. */
  private static final int WINDOW = 60_000;

  private static final int FRAME = 10_000;
  private static final int PREFIX = 5;
  private static final int PERMISSION_DENIED = 7;

  /** SETTINGS_INITIAL_WINDOW_SIZE: 1 MiB. */
  private static final byte[] WIDE = {0, 4, 0, 16, 0, 0};

  @RegisterExtension final Front front = new Front();
  private final BlockingQueue<Shown> shown = new LinkedBlockingQueue<>();

  /** What the authorizer knows of a body. Bytes are those of Latin-1. */
  private record Shown(String text, String raw, String partial) {}

  /** Refuses a body with "bad" in it. */
  private final Origin authorizer =
      new Origin(
          peer -> {
            FramePeer server = FramePeer.server(peer, WIDE);
            for (var call = server.message(); call != null; call = server.message()) {
              Shown body = shown(call.body().substring(PREFIX).getBytes(ISO_8859_1));
              shown.add(body);
              boolean bad = (body.text() + body.raw()).contains("bad");
              byte[] answer =
                  new ProtoWriter()
                      .message(1, status -> status.number(1, bad ? PERMISSION_DENIED : 0))
                      .toBytes();
              ByteBuffer framed = ByteBuffer.allocate(PREFIX + answer.length);
              framed.put((byte) 0).putInt(answer.length).put(answer);
              server.headers(
                  call.stream(), false, ":status", "200", "content-type", "application/grpc");
              server.data(call.stream(), new String(framed.array(), ISO_8859_1), false);
              server.headers(call.stream(), true, "grpc-status", "0");
            }
          });

  private final Origin app = HeldBodiesTest.echoing();

  /** Of a {@code CheckRequest}. */
  private static Shown shown(byte[] message) {
    ProtoFields http = message(message(message(ProtoFields.of(message, "CheckRequest"), 1), 4), 2);
    String partial =
        http.each(3, "headers", entry -> entry).stream()
            .filter(entry -> entry.text(1).equals("x-envoy-auth-partial-body"))
            .map(entry -> entry.text(2))
            .collect(Collectors.joining(" and "));
    return new Shown(http.text(11), new String(http.bytes(12), ISO_8859_1), partial);
  }

  private static ProtoFields message(ProtoFields in, int field) {
    return Objects.requireNonNull(in.message(field, "field " + field));
  }

  @AfterEach
  void close() {
    authorizer.close();
    app.close();
  }

  private void serve(int most, boolean partial, boolean raw) {
    Authorizer asked =
        new Authorizer(
            "authorizer",
            new Authorizer.Grpc("authorizer", Map.of()),
            Duration.ofSeconds(60),
            false,
            false,
            403,
            null,
            null,
            new Authorizer.Body(most, partial, raw),
            false);
    front.checking(
        asked,
        Configs.speaking(Cluster.Protocol.HTTP2, Configs.cluster("authorizer")),
        authorizer.port(),
        app.port());
  }

  /** What a client gets that sends a body of a known length, and has its own connection. */
  private Peer.Response post(boolean http2, String body) {
    if (http2) {
      try (FramePeer client = FramePeer.client(front.connect())) {
        client.request(1, "POST", "/", body.isEmpty());
        for (int at = 0; at < body.length(); at += FRAME) {
          int end = Math.min(body.length(), at + FRAME);
          client.data(1, body.substring(at, end), end == body.length());
        }
        return client.response(1);
      }
    }
    try (Peer client = front.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n");
      return client.send(body).response();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_body_is_shown_as_text_or_as_the_bytes_that_it_is(boolean http2) throws Exception {
    serve(BIG.length(), false, false);
    assertThat(post(http2, "hello").body()).isEqualTo("hello");
    assertThat(shown.take()).isEqualTo(new Shown("hello", "", "false"));
    assertThat(post(http2, BINARY).body()).isEqualTo(BINARY);
    assertThat(shown.take()).isEqualTo(new Shown("a\ufffdb", "", "false"));
    assertThat(post(http2, "so bad").status()).isEqualTo(403);
    shown.clear();
    serve(BIG.length(), false, true);
    assertThat(post(http2, BINARY).body()).isEqualTo(BINARY);
    assertThat(shown.take()).isEqualTo(new Shown("", BINARY, "false"));
    assertThat(post(http2, "").status()).isEqualTo(200);
    assertThat(shown.take()).isEqualTo(new Shown("", "", "false"));
    assertThat(post(http2, "so bad").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_body_of_many_packets_is_shown_as_a_whole(boolean http2) throws Exception {
    serve(WINDOW, false, true);
    String body = BIG.substring(0, WINDOW);
    assertThat(post(http2, body).body()).isEqualTo(body);
    assertThat(shown.take()).isEqualTo(new Shown("", body, "false"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void of_a_longer_body_the_beginning_is_shown_and_all_goes_on(boolean http2) throws Exception {
    serve(4, true, true);
    assertThat(post(http2, BINARY + BINARY).body()).isEqualTo(BINARY + BINARY);
    assertThat(shown.take()).isEqualTo(new Shown("", BINARY + "a", "true"));
    assertThat(post(http2, "1234").body()).isEqualTo("1234");
    assertThat(shown.take().raw()).isEqualTo("1234");
    assertThat(post(http2, "bad").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_longer_body_is_refused_before_anybody_is_asked(boolean http2) throws Exception {
    serve(4, false, true);
    assertThat(post(http2, "hello").status()).isEqualTo(413);
    assertThat(front.logs.next()).contains("\"413\"", "\"request_payload_too_large\"");
    assertThat(shown).isEmpty();
    assertThat(post(http2, "1234").body()).isEqualTo("1234");
    assertThat(shown.take()).isEqualTo(new Shown("", "1234", "false"));
  }
}
