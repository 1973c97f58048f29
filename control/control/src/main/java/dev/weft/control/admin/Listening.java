package dev.weft.control.admin;

import io.helidon.webserver.WebServer;
import java.io.IOException;

/**
 * Starts HTTP servers so that a failure is one: the library only logs a port that it cannot have.
 */
public final class Listening {
  private Listening() {}

  /**
   * Starts the server; the port that it listens on.
   *
   * @param what listens, for the message
   * @param port that was asked for
   * @throws IOException naming the port that cannot be had
   */
  public static int start(WebServer server, String what, int port) throws IOException {
    String problem = "it is taken, or this user may not have it";
    try {
      server.start();
      if (server.isRunning() && server.port() > 0) {
        return server.port();
      }
    } catch (RuntimeException e) {
      problem = String.valueOf(e.getMessage());
    }
    throw new IOException(what + " cannot listen on port " + port + ": " + problem);
  }
}
