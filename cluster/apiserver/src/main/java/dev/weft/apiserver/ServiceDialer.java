package dev.weft.apiserver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Connects the API server to admission webhooks: services of its own cluster, and what a URL names.
 */
@FunctionalInterface
public interface ServiceDialer {
  /**
   * A connected plain socket to some ready endpoint of the service.
   *
   * @throws IOException that says why there is none
   */
  Socket dial(String namespace, String service, int port) throws IOException;

  /**
   * A connected plain socket to the host and port of a webhook's URL: from this process, where
   * nothing else is said.
   *
   * @throws IOException that says why there is none
   */
  default Socket dialHost(String host, int port, int timeoutMillis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), timeoutMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
