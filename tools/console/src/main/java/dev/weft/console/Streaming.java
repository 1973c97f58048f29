package dev.weft.console;

import io.helidon.webserver.http.ServerResponse;

/** An answer that goes on. */
@FunctionalInterface
interface Streaming {
  void to(ServerResponse response);
}
