package dev.weft.proxy.net;

import dev.weft.proxy.demand.Demands;
import dev.weft.proxy.identity.IdentitySource;
import dev.weft.proxy.identity.WorkloadIdentity;
import dev.weft.proxy.log.LogSink;
import dev.weft.proxy.loop.OriginalDestination;
import dev.weft.proxy.loop.ProxySettings;
import dev.weft.proxy.loop.RequestObserver;
import dev.weft.proxy.loop.Worker;
import dev.weft.proxy.tls.WorkloadSecrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts proxies for tests and waits for what they do. */
public final class Proxies {
  private static final int FIRST_OF_TESTS = 20_500;
  private static final int FIRST_EPHEMERAL = 32_000;

  // Other processes begin elsewhere.
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(
          FIRST_OF_TESTS
              + (int) (ProcessHandle.current().pid() * 97 % (FIRST_EPHEMERAL - FIRST_OF_TESTS)));

  private Proxies() {}

  /** Has no identity. */
  static final class Nobody implements IdentitySource {
    @Override
    public @Nullable WorkloadIdentity current() {
      return null;
    }

    @Override
    public void watch(Consumer<WorkloadIdentity> listener) {}
  }

  /** Keeps log lines for the test. */
  public static final class Lines implements LogSink {
    public final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public boolean offer(String path, byte[] bytes) {
      for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
        lines.add(line);
      }
      return true;
    }

    @Override
    public long dropped() {
      return 0;
    }

    @Override
    public void close() {}

    String next() {
      try {
        String line = lines.poll(60, TimeUnit.SECONDS);
        if (line == null) {
          throw new AssertionError("no log line");
        }
        return line;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static ProxyServer start(
      ProxySettings settings, IdentitySource identity, LogSink logs, OriginalDestination original) {
    return start(settings, identity, logs, original, InstantSource.system());
  }

  static ProxyServer start(
      ProxySettings settings,
      IdentitySource identity,
      LogSink logs,
      OriginalDestination original,
      InstantSource clock) {
    return ProxyServer.start(
        settings,
        identity,
        new WorkloadSecrets(identity, clock),
        loop -> RequestObserver.NONE,
        logs,
        clock,
        original,
        Demands.none());
  }

  /**
   * A port that nobody has. It is none of those that the system gives to connections, which could
   * take it before somebody listens there.
   */
  public static int freePort() {
    while (true) {
      int port = NEXT_PORT.getAndUpdate(p -> p + 1 < FIRST_EPHEMERAL ? p + 1 : FIRST_OF_TESTS);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody else's.
      }
    }
  }

  /** Waits until every loop has done what it was told before. */
  static void settle(ProxyServer proxy) throws Exception {
    for (int i = 0; proxy.worker(i) instanceof Worker worker; i++) {
      worker.loop().submit(() -> {}).get(60, TimeUnit.SECONDS);
    }
  }

  /** Waits until a condition holds; fails after ten seconds. */
  public static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("did not happen: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
