package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpRequest.Header;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.HttpServer;
import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The page of a book, {@code /productpage}, put together from details and reviews; and the same as
 * JSON below {@code /api/v1/products}.
 */
record ProductPage(Backend details, Backend reviews, Backend ratings) implements HttpHandler {
  private static final String API = "/api/v1/products";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String TITLE = "The Comedy of Errors";
  private static final String SUMMARY =
      "The shortest of <b>William Shakespeare's</b> plays: twins who were parted at sea come to one"
          + " town, and the town takes each for the other.";

  /** How long the page waits for a part of itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Serves until the process ends. */
  public static void main(String... arguments) throws IOException {
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(Environment.port(arguments)),
            "productpage",
            of(Environment.ofProcess(), Backend.newClient()));
    System.out.println("productpage listens on port " + server.port());
  }

  static ProductPage of(Environment environment, HttpClient client) {
    return new ProductPage(
        new Backend(client, environment.service("details"), PATIENCE, 1),
        // The sample asks a second time, whatever the mesh does by itself.
        new Backend(client, environment.service("reviews"), PATIENCE, 2),
        new Backend(client, environment.service("ratings"), PATIENCE, 1));
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws IOException, InterruptedException {
    String path = request.path();
    return switch (path) {
      case "/health" -> HttpResponse.text(200, HTML, "Product page is healthy");
      case "/", "/index.html" -> HttpResponse.text(200, HTML, Page.index());
      case "/productpage" -> page(request);
      case "/login" -> login(request);
      case "/logout" -> back(request).with("Set-Cookie", Session.end());
      case API -> Answers.json(200, new Json.Arr(List.of(product())));
      case Page.STYLE -> HttpResponse.text(200, "text/css; charset=utf-8", Page.style());
      default -> path.startsWith(API + "/") ? part(request) : Answers.notFound(path);
    };
  }

  private HttpResponse page(HttpRequest request) throws InterruptedException {
    List<Header> headers = headers(request);
    Backend.Answer book = details.get("/details/0", headers);
    Backend.Answer opinions = reviews.get("/reviews/0", headers);
    return HttpResponse.text(
        200, HTML, Page.of(TITLE, SUMMARY, Session.user(request), book, opinions));
  }

  private HttpResponse part(HttpRequest request) throws InterruptedException {
    String[] words = request.path().substring(API.length() + 1).split("/", -1);
    OptionalInt id = Answers.product(words[0], "");
    if (id.isEmpty() || words.length > 2) {
      return Answers.notFound(request.path());
    }
    List<Header> headers = headers(request);
    String what = words.length == 1 ? "details" : words[1];
    return switch (what) {
      case "details" -> passedOn(details.get("/details/" + id.getAsInt(), headers), what);
      case "reviews" -> passedOn(reviews.get("/reviews/" + id.getAsInt(), headers), what);
      case "ratings" -> passedOn(ratings.get("/ratings/" + id.getAsInt(), headers), what);
      default -> Answers.notFound(request.path());
    };
  }

  private static HttpResponse passedOn(Backend.Answer answer, String what) {
    return answer.good()
        ? Answers.json(200, answer.body().orElse(Json.NULL))
        : Answers.error(
            answer.status(),
            "Sorry, product %s are currently unavailable for this book.".formatted(what));
  }

  /** What is handed on, with the user who is signed in. */
  private static List<Header> headers(HttpRequest request) {
    String user = Session.user(request);
    List<Header> headers = new ArrayList<>(Forwarded.from(request));
    if (!user.isEmpty()) {
      headers.removeIf(header -> header.name().equalsIgnoreCase("end-user"));
      headers.add(new Header("end-user", user));
    }
    return headers;
  }

  private static HttpResponse login(HttpRequest request) {
    List<String> user = HttpRequest.form(request.body().text()).getOrDefault("username", List.of());
    return back(request).with("Set-Cookie", Session.begin(user.isEmpty() ? "" : user.getFirst()));
  }

  /** To the page where the browser was, on this server. */
  private static HttpResponse back(HttpRequest request) {
    String path = request.header("Referer").map(ProductPage::path).orElse("/productpage");
    return HttpResponse.text(302, HTML, "").with("Location", path);
  }

  private static String path(String referer) {
    try {
      String path = URI.create(referer).getRawPath();
      return path == null || !path.startsWith("/") || path.startsWith("//") ? "/productpage" : path;
    } catch (IllegalArgumentException e) {
      return "/productpage";
    }
  }

  private static Json product() {
    return Answers.object(
        "id", Json.of(0), "title", Json.of(TITLE), "descriptionHtml", Json.of(SUMMARY));
  }
}
