package dev.weft.apiserver;

import java.io.IOException;
import java.net.Socket;

/** Connects the API server to services of its own cluster, for admission webhooks. */
@FunctionalInterface
public interface ServiceDialer {
  /**
   * A connected plain socket to some ready endpoint of the service.
   *
   * @throws IOException that says why there is none
   */
  Socket dial(String namespace, String service, int port) throws IOException;
}
