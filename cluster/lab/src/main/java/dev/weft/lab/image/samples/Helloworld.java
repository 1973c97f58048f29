package dev.weft.lab.image.samples;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Says which version and which pod answers: {@code /hello} and {@code /health} on port 5000. The
 * version is that of the environment variable SERVICE_VERSION.
 *
 * @param instance the host name
 */
record Helloworld(String version, String instance) implements HttpHandler {
  private static final int PORT = 5000;
  private static final String TEXT = "text/html; charset=utf-8";

  /** Serves until the process ends. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> environment = System.getenv();
    Helloworld hello =
        new Helloworld(
            environment.getOrDefault("SERVICE_VERSION", "v1"),
            environment.getOrDefault("HOSTNAME", ""));
    HttpServer server = HttpServer.start(new InetSocketAddress(PORT), "gunicorn", hello);
    System.out.println(
        "helloworld %s listens on port %d".formatted(hello.version(), server.port()));
  }

  @Override
  public HttpResponse handle(HttpRequest request) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (request.path()) {
      case "/hello" ->
          answer(reads, "Hello version: %s, instance: %s\n".formatted(version, instance));
      case "/health" -> answer(reads, "Helloworld is healthy");
      default -> HttpResponse.text(404, TEXT, "Not Found\n");
    };
  }

  private static HttpResponse answer(boolean reads, String text) {
    return reads
        ? HttpResponse.text(200, TEXT, text)
        : HttpResponse.text(405, TEXT, "Method Not Allowed\n").with("Allow", "GET, HEAD");
  }
}
