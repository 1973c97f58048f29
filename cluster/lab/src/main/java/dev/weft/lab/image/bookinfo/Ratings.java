package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.HttpServer;
import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many stars reviewers give: {@code GET /ratings/{id}}. {@code POST} puts others in their
 * place, until the process ends.
 */
final class Ratings implements HttpHandler {
  private static final String PREFIX = "/ratings/";
  private static final Json FIRST =
      Answers.object("Reviewer1", Json.of(5), "Reviewer2", Json.of(4));

  private final Mood mood;
  private final Map<Integer, Json> given = new ConcurrentHashMap<>();

  Ratings(Mood mood) {
    this.mood = mood;
  }

  /** Serves until the process ends. */
  public static void main(String... arguments) throws IOException {
    Mood mood = Mood.of(Environment.ofProcess().get("SERVICE_VERSION", ""));
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(Environment.port(arguments)), "ratings", new Ratings(mood));
    System.out.println("ratings listens on port " + server.port());
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws InterruptedException {
    String path = request.path();
    if (path.equals("/health")) {
      return mood.healthy()
          ? Answers.health(200, "Ratings is healthy")
          : Answers.health(500, "Ratings is not healthy");
    }
    if (!path.startsWith(PREFIX)) {
      return Answers.notFound(path);
    }
    OptionalInt id = Answers.product(path, PREFIX);
    if (id.isEmpty()) {
      return Answers.error(400, "please provide numeric product ID");
    }
    return switch (request.method()) {
      case "POST" -> give(id.getAsInt(), request);
      case "GET", "HEAD" -> mood.serves() ? of(id.getAsInt()) : unavailable();
      default -> Answers.error(405, "GET and POST are all that ratings know");
    };
  }

  private HttpResponse give(int id, HttpRequest request) {
    Optional<Json> stars = Json.parse(request.body().text());
    if (stars.isEmpty() || !(stars.get() instanceof Json.Obj)) {
      return Answers.error(400, "please provide valid ratings JSON");
    }
    given.put(id, stars.get());
    return of(id);
  }

  private HttpResponse of(int id) {
    return Answers.json(
        200, Answers.object("id", Json.of(id), "ratings", given.getOrDefault(id, FIRST)));
  }

  private static HttpResponse unavailable() {
    return Answers.error(503, "Service unavailable");
  }
}
