package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.HttpServer;
import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalInt;

/** What is known of a book: {@code /details/{id}}. */
final class Details implements HttpHandler {
  private static final String PREFIX = "/details/";

  /** Serves until the process ends. */
  public static void main(String... arguments) throws IOException {
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(Environment.port(arguments)), "details", new Details());
    System.out.println("details listens on port " + server.port());
  }

  @Override
  public HttpResponse handle(HttpRequest request) {
    String path = request.path();
    if (path.equals("/health")) {
      return Answers.health(200, "Details is healthy");
    }
    if (!path.startsWith(PREFIX)) {
      return Answers.notFound(path);
    }
    OptionalInt id = Answers.product(path, PREFIX);
    return id.isEmpty()
        ? Answers.error(400, "please provide numeric product id")
        : Answers.json(200, book(id.getAsInt()));
  }

  private static Json book(int id) {
    return Answers.object(
        "id", Json.of(id),
        "author", Json.of("William Shakespeare"),
        "year", Json.of(1595),
        "type", Json.of("paperback"),
        "pages", Json.of(200),
        "publisher", Json.of("PublisherA"),
        "language", Json.of("English"),
        "ISBN-10", Json.of("1234567890"),
        "ISBN-13", Json.of("123-1234567890"));
  }
}
