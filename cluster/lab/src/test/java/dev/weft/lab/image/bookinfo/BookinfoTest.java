package dev.weft.lab.image.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class BookinfoTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<dev.weft.lab.image.http.HttpRequest> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (HttpServer server : servers) {
      server.close();
    }
    client.close();
  }

  @Test
  void the_page_has_no_stars_with_version_1_black_with_2_and_red_with_3() throws Exception {
    int ratings = serve(new Ratings(Mood.of("")));

    String plain = page(serve(reviews(Map.of(), ratings)));
    String black = page(serve(reviews(Map.of("ENABLE_RATINGS", "true"), ratings)));
    String red =
        page(serve(reviews(Map.of("ENABLE_RATINGS", "true", "STAR_COLOR", "red"), ratings)));

    assertThat(plain)
        .contains("<title>Simple Bookstore App</title>", "Book Details", "Reviewer1")
        .contains("Reviews served by: <u>reviews-pod</u>")
        .doesNotContain("glyphicon-star");
    assertThat(black).contains("<font color=\"black\"");
    assertThat(black.split("glyphicon-star\"", -1)).hasSize(5 + 4 + 1);
    assertThat(red).contains("<font color=\"red\"").doesNotContain("color=\"black\"");
  }

  @Test
  void what_is_missing_is_said_on_the_page_and_the_rest_stays() throws Exception {
    int nobody = unused();

    assertThat(page(nobody))
        .contains("Book Details")
        .contains("Sorry, product reviews are currently unavailable for this book.");
    assertThat(page(serve(reviews(Map.of("ENABLE_RATINGS", "true"), nobody))))
        .contains("Reviewer2", "Ratings service is currently unavailable");
  }

  @Test
  void headers_of_traces_and_the_user_who_is_signed_in_go_along() throws Exception {
    int page = serve(productpage(serve(recorded(reviews(Map.of(), unused())))));
    HttpResponse<String> login =
        client.send(
            HttpRequest.newBuilder(uri(page, "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("username=jason&passwd=x"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];

    String text =
        client
            .send(
                HttpRequest.newBuilder(uri(page, "/productpage"))
                    .header("Cookie", cookie)
                    .header("x-request-id", "r-1")
                    .header("x-b3-traceid", "t-1")
                    .header("accept-language", "de")
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();

    assertThat(login.statusCode()).isEqualTo(302);
    assertThat(text).contains("jason");
    var request = asked.getFirst();
    assertThat(request.header("end-user")).contains("jason");
    assertThat(request.header("x-request-id")).contains("r-1");
    assertThat(request.header("x-b3-traceid")).contains("t-1");
    assertThat(request.header("accept-language")).isEmpty();
  }

  @Test
  void a_cookie_without_its_seal_signs_nobody_in() throws Exception {
    int page = serve(productpage(unused()));
    String text =
        client
            .send(
                HttpRequest.newBuilder(uri(page, "/productpage"))
                    .header("Cookie", "session=amFzb24.AAAA")
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    assertThat(text).contains("Sign in").doesNotContain("jason");
  }

  @Test
  void the_same_is_there_as_json() throws Exception {
    int page = serve(productpage(serve(reviews(Map.of(), unused()))));

    assertThat(get(page, "/api/v1/products").body())
        .contains("\"title\": \"The Comedy of Errors\"");
    assertThat(get(page, "/api/v1/products/0").body()).contains("\"author\": \"William");
    assertThat(get(page, "/api/v1/products/0/reviews").body())
        .contains("\"podname\": \"reviews-pod\"", "\"clustername\": \"null\"");
    assertThat(get(page, "/api/v1/products/0/ratings").statusCode()).isEqualTo(500);
    assertThat(get(page, "/api/v1/products/x").statusCode()).isEqualTo(404);
    assertThat(get(page, "/static/bookinfo.css").headers().firstValue("Content-Type"))
        .contains("text/css; charset=utf-8");
  }

  @Test
  void every_service_is_healthy_and_refuses_what_is_no_number() throws Exception {
    int details = serve(new Details());
    int ratings = serve(new Ratings(Mood.of("")));

    assertThat(get(details, "/health").body()).isEqualTo("{\"status\": \"Details is healthy\"}");
    assertThat(get(details, "/details/x").statusCode()).isEqualTo(400);
    assertThat(get(ratings, "/ratings/x").body())
        .isEqualTo("{\"error\": \"please provide numeric product ID\"}");
  }

  @Test
  void ratings_that_are_given_are_shown() throws Exception {
    int ratings = serve(new Ratings(Mood.of("")));

    int refused = post(ratings, "/ratings/7", "five");
    int taken = post(ratings, "/ratings/7", "{\"Reviewer1\": 1}");

    assertThat(refused).isEqualTo(400);
    assertThat(taken).isEqualTo(200);
    assertThat(get(ratings, "/ratings/7").body())
        .isEqualTo("{\"id\": 7, \"ratings\": {\"Reviewer1\": 1}}");
    assertThat(get(ratings, "/ratings/0").body())
        .isEqualTo("{\"id\": 0, \"ratings\": {\"Reviewer1\": 5, \"Reviewer2\": 4}}");
  }

  @Test
  void versions_that_are_made_to_fail_do() throws Exception {
    long[] now = {0};
    boolean[] coin = {false};
    Mood faulty = new Mood(Mood.Kind.FAULTY, () -> coin[0], () -> now[0], 0);
    Mood unavailable = new Mood(Mood.Kind.UNAVAILABLE, () -> true, () -> now[0], 0);
    int port = serve(new Ratings(faulty));

    assertThat(get(port, "/ratings/0").statusCode()).isEqualTo(503);
    coin[0] = true;
    assertThat(get(port, "/ratings/0").statusCode()).isEqualTo(200);
    assertThat(unavailable.serves()).isTrue();
    now[0] = 61_000_000_000L;
    assertThat(unavailable.serves()).isFalse();
    now[0] = 121_000_000_000L;
    assertThat(unavailable.serves()).isTrue();
  }

  private Reviews reviews(Map<String, String> variables, int ratings) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("HOSTNAME", "reviews-pod");
    all.put("RATINGS_HOSTNAME", "127.0.0.1");
    all.put("RATINGS_SERVICE_PORT", String.valueOf(ratings));
    return Reviews.of(new Environment(all), client);
  }

  private ProductPage productpage(int reviews) throws IOException {
    return ProductPage.of(
        new Environment(
            Map.of(
                "DETAILS_HOSTNAME",
                "127.0.0.1",
                "DETAILS_SERVICE_PORT",
                String.valueOf(serve(new Details())),
                "REVIEWS_HOSTNAME",
                "127.0.0.1",
                "REVIEWS_SERVICE_PORT",
                String.valueOf(reviews),
                "RATINGS_HOSTNAME",
                "127.0.0.1",
                "RATINGS_SERVICE_PORT",
                String.valueOf(unused()))),
        client);
  }

  private String page(int reviews) throws Exception {
    return get(serve(productpage(reviews)), "/productpage").body();
  }

  private HttpHandler recorded(HttpHandler handler) {
    return request -> {
      asked.add(request);
      return handler.handle(request);
    };
  }

  private int serve(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "test", handler);
    servers.add(server);
    return server.port();
  }

  /** A port that nobody listens on. */
  private static int unused() throws IOException {
    try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private int post(int port, String path, String body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(uri(port, path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
