package dev.weft.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of loopback for servers of tests. */
public final class Ports {
  private static final int FIRST_OF_TESTS = 20_500;
  private static final int FIRST_EPHEMERAL = 32_000;

  // Other processes begin elsewhere.
  private static final AtomicInteger NEXT =
      new AtomicInteger(
          FIRST_OF_TESTS
              + (int) (ProcessHandle.current().pid() * 97 % (FIRST_EPHEMERAL - FIRST_OF_TESTS)));

  private Ports() {}

  /**
   * A port that nobody has. It is none of those that the system gives to connections, which could
   * take it before somebody listens there.
   */
  public static int free() {
    while (true) {
      int port = NEXT.getAndUpdate(p -> p + 1 < FIRST_EPHEMERAL ? p + 1 : FIRST_OF_TESTS);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody else's.
      }
    }
  }
}
