package dev.weft.apiserver.stream;

import java.io.IOException;

/** What goes over a connection after its upgrade; the connection itself is the caller's. */
public interface StreamSession {
  /**
   * Returns when the client has gone or everything is said.
   *
   * @throws IOException where the client breaks the protocol or the connection
   */
  void run() throws IOException;

  /** Lets go of what runs for the session; from any thread, and more than once. */
  void close();
}
