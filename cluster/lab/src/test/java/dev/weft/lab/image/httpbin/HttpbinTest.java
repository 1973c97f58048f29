package dev.weft.lab.image.httpbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.image.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class HttpbinTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server = start();

  private static HttpServer start() {
    try {
      return HttpServer.start(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "test", new Httpbin());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeAll
  void listens() {
    assertThat(server.port()).isPositive();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
    client.close();
  }

  @Test
  void the_teapot_has_135_bytes() throws Exception {
    HttpResponse<String> response = get("/status/418");

    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(response.body()).contains("-=[ teapot ]=-").hasSize(135);
    assertThat(response.headers().firstValue("x-more-info"))
        .contains("http://tools.ietf.org/html/rfc2324");
  }

  @ParameterizedTest
  @CsvSource({
    "/status/503, 503", "/status/200, 200", "/status/204, 204", "/status/abc, 400",
    "/status/99, 400", "/no/such, 404", "/post, 405", "/basic-auth/u/p, 401",
    "/hidden-basic-auth/u/p, 404", "/delay/x, 400", "/bytes/-1, 404", "/relative-redirect/0, 404"
  })
  void pages_answer_with_their_status(String path, int status) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(status);
  }

  @Test
  void who_sends_too_much_is_told_so() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      byte[] mebibyte = new byte[1 << 20];
      var out = socket.getOutputStream();
      out.write(
          "PUT /put HTTP/1.1\r\nHost: a\r\nContent-Length: 67108864\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 64; i++) {
        out.write(mebibyte);
      }
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void of_several_codes_one_is_chosen_by_weight() throws Exception {
    assertThat(StatusCodes.choose("200:0.9,503:0.1", 0.89)).isEqualTo(200);
    assertThat(StatusCodes.choose("200:0.9,503:0.1", 0.91)).isEqualTo(503);
    assertThat(StatusCodes.choose("200,500", 0.6)).isEqualTo(500);
  }

  @Test
  void get_shows_query_headers_origin_and_url_but_not_what_proxies_add() throws Exception {
    HttpResponse<String> response =
        client.send(
            request("/get?b=2&a=1&a=x%20y")
                .header("x-b3-TraceId", "abc")
                .header("X-Request-Id", "hidden")
                .header("X-Forwarded-For", "1.2.3.4")
                .build(),
            BodyHandlers.ofString());

    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body())
        .startsWith(
            """
            {
              "args": {
                "a": [
                  "1",
                  "x y"
                ],
                "b": "2"
              },
              "headers": {
            """)
        .contains(
            "\"X-B3-Traceid\": \"abc\"", "\"origin\": \"1.2.3.4\"", "/get?b=2&a=1&a=x%20y\"\n}\n")
        .doesNotContain("hidden");
    assertThat(get("/headers?show_env=1", "X-Request-Id", "shown").body()).contains("shown");
  }

  @Test
  void post_shows_json_form_and_files() throws Exception {
    assertThat(post("/post", "application/json", "{\"b\": [1, null], \"a\": \"\\u00e9\"}"))
        .contains(
            "\"json\": {\n    \"a\": \"\\u00e9\",\n    \"b\": [\n      1,\n      null\n    ]\n  }");
    assertThat(post("/post", "application/x-www-form-urlencoded", "k=v+w"))
        .contains("\"form\": {\n    \"k\": \"v w\"\n  }");
    assertThat(
            post(
                "/anything/x",
                "multipart/form-data; boundary=B",
                "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nfile\r\n"
                    + "--B\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\nv\r\n--B--\r\n"))
        .contains("\"f\": \"file\"", "\"k\": \"v\"", "\"method\": \"POST\"");
    assertThat(post("/post", "text/plain", "not json")).contains("\"json\": null", "not json");
  }

  @Test
  void redirects_are_followed_to_the_end() throws Exception {
    HttpResponse<String> first = get("/redirect/3");
    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(first.headers().firstValue("Location")).contains("/relative-redirect/2");

    try (HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
      HttpResponse<String> last =
          following.send(request("/absolute-redirect/3").build(), BodyHandlers.ofString());
      assertThat(last.uri().getPath()).isEqualTo("/get");
    }
  }

  @Test
  void streams_come_in_the_wanted_size() throws Exception {
    assertThat(get("/stream/3").body().lines()).hasSize(3).last().asString().contains("\"id\": 2");
    assertThat(get("/stream/3").headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(get("/bytes/1000?seed=1").body()).isEqualTo(get("/bytes/1000?seed=1").body());
    assertThat(get("/range/30").body()).isEqualTo("abcdefghijklmnopqrstuvwxyzabcd");
    assertThat(get("/range/30", "Range", "bytes=-2").body()).isEqualTo("cd");
    HttpResponse<String> drip = get("/drip?duration=0&numbytes=5&code=201");
    assertThat(drip.statusCode()).isEqualTo(201);
    assertThat(drip.body()).isEqualTo("*****");
  }

  @Test
  void gzip_is_compressed() throws Exception {
    HttpResponse<byte[]> response =
        client.send(request("/gzip").build(), BodyHandlers.ofByteArray());
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"gzipped\": true");
    }
  }

  @Test
  void credentials_cookies_and_headers_are_taken_from_the_request() throws Exception {
    assertThat(get("/basic-auth/u/p", "Authorization", "Basic dTpw").body())
        .contains("\"authenticated\": true");
    assertThat(get("/cookies", "Cookie", "a=b; c=d").body()).contains("\"c\": \"d\"");
    assertThat(get("/cookies/set?a=b").headers().firstValue("Set-Cookie")).contains("a=b; Path=/");
    HttpResponse<String> response = get("/response-headers?X-Mine=1%0d%0aX-Other:2");
    assertThat(response.headers().firstValue("X-Mine")).contains("1 X-Other:2");
    assertThat(response.headers().firstValue("X-Other")).isEmpty();
  }

  @Test
  void a_websocket_echoes() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + server.port() + "/websocket"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket webSocket, CharSequence text, boolean last) {
                    heard.complete(text.toString());
                    return CompletableFuture.completedFuture(text);
                  }

                  @Override
                  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
                    closed.complete(code);
                    return CompletableFuture.completedFuture(code);
                  }
                })
            .get(60, TimeUnit.SECONDS);
    String message = "x".repeat(300);
    socket.sendText(message, true).get(60, TimeUnit.SECONDS);
    socket.request(2);
    assertThat(heard.get(60, TimeUnit.SECONDS)).hasSize(300);
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
    assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
  }

  @ParameterizedTest
  @CsvSource({
    "'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET /ip HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n', 2, 200",
    "'POST /post HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\nConnection: close\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\n\\r\\n', 1, 200",
    "'GET / HTTP/1.0\\r\\n\\r\\n', 1, 200",
    "'GARBAGE\\r\\n\\r\\n', 1, 400",
    "'POST /post HTTP/1.1\\r\\nContent-Length: 99999999\\r\\n\\r\\n', 1, 413",
    "'POST /post HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n', 1, 400"
  })
  void bytes_on_the_wire_are_answered(String bytes, int answers, int status) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              bytes.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(all.split("HTTP/1\\.1 " + status, -1)).hasSize(answers + 1);
    }
  }

  @Test
  void the_port_comes_from_arguments_of_any_known_form() {
    assertThat(Main.port(List.of())).isEqualTo(80);
    assertThat(Main.port(List.of("-b", "0.0.0.0:8080", "httpbin:app", "-k", "gevent")))
        .isEqualTo(8080);
    assertThat(Main.port(List.of("--bind=:81"))).isEqualTo(81);
    assertThat(Main.port(List.of("-port", "82"))).isEqualTo(82);
    assertThatThrownBy(() -> Main.port(List.of("-b", "x"))).hasMessageContaining("\"x\"");
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder builder = request(path);
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return client.send(builder.build(), BodyHandlers.ofString());
  }

  private String post(String path, String type, String body) throws Exception {
    return client
        .send(
            request(path)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
