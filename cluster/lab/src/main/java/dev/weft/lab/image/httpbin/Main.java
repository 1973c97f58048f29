package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Runs httpbin. The port is 80, or what the arguments say, the last of them first, which are those
 * of the programs that the public images have: {@code -b ADDRESS:PORT}, {@code --bind} and {@code
 * -port PORT}. Other arguments are ignored. No variable says it: a Service that is called httpbin
 * gives its clients and pods a HTTPBIN_PORT of another meaning.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException {
    int port;
    try {
      port = port(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("httpbin: " + e.getMessage());
      System.exit(2);
      return;
    }
    HttpServer server =
        HttpServer.start(new InetSocketAddress(port), "gunicorn/19.9.0", new Httpbin());
    System.out.println("httpbin listens on port " + server.port());
  }

  static int port(List<String> arguments) {
    String text = "80";
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String option = equals < 0 ? argument : argument.substring(0, equals);
      if (List.of("-b", "--bind", "-port", "--port", "-p").contains(option)) {
        String value = "";
        if (equals >= 0) {
          value = argument.substring(equals + 1);
        } else if (i + 1 < arguments.size()) {
          value = arguments.get(++i);
        }
        text = value.substring(value.lastIndexOf(':') + 1);
      }
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the port \"" + text + "\" is no number", e);
    }
    throw new IllegalArgumentException("the port " + text + " is not between 0 and 65535");
  }
}
