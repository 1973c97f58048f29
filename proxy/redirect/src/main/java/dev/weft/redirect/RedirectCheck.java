package dev.weft.redirect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/**
 * Whether the redirect of this pod is in force: a connection to a port at which nobody listens
 * arrives where the proxy will listen. Rules come as a whole or not at all, so one connection
 * speaks for all. Istio: tools/istio-iptables/pkg/validation.
 *
 * @param asked where the connection goes. What the proxy's user sends to its own pod, but for
 *     127.0.0.1, is captured as inbound traffic
 * @param arrives where it must arrive
 * @param limit how long to wait
 */
record RedirectCheck(InetSocketAddress asked, InetSocketAddress arrives, Duration limit) {
  /** Istio's port for this; nothing else has it. */
  private static final int PROBE_PORT = 15002;

  /** Long enough for a node's DaemonSet to be rolled; then the pod says what is wrong. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int CONNECT_MILLIS = 1000;

  static RedirectCheck of(RedirectOptions options) {
    return new RedirectCheck(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.3"), PROBE_PORT),
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), options.inboundPort()),
        LIMIT);
  }

  /**
   * Waits for it.
   *
   * @return the exit code
   * @throws IllegalStateException where it does not come
   */
  int run() {
    long end = System.nanoTime() + limit.toNanos();
    try (ServerSocket server = new ServerSocket()) {
      server.bind(arrives);
      server.setSoTimeout(CONNECT_MILLIS);
      while (!redirected(server)) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException(
              "redirect: after "
                  + limit.toSeconds()
                  + " s nothing redirects this pod's traffic to its proxy. The DaemonSet"
                  + " istio-cni-node does: see whether it has a ready pod on this node, and the log"
                  + " of that pod");
        }
        Thread.sleep(PAUSE);
      }
      return 0;
    } catch (IOException e) {
      throw new IllegalStateException(
          "redirect: cannot listen on " + arrives + " to see what arrives: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("redirect: interrupted", e);
    }
  }

  private boolean redirected(ServerSocket server) {
    try (Socket client = new Socket()) {
      client.connect(asked, CONNECT_MILLIS);
      try (Socket arrived = server.accept()) {
        return arrived.getPort() == client.getLocalPort();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
