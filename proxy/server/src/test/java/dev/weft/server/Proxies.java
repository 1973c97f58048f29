package dev.weft.server;

import dev.weft.demand.Demands;
import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.loop.Clock;
import dev.weft.server.log.LogSink;
import dev.weft.server.tls.WorkloadSecrets;
import dev.weft.server.worker.OriginalDestination;
import dev.weft.server.worker.ProxySettings;
import dev.weft.server.worker.RequestObserver;
import dev.weft.server.worker.Worker;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts proxies for tests and waits for what they do. */
public final class Proxies {
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
    public boolean offer(String path, byte[] bytes, int length) {
      for (String line : new String(bytes, 0, length, StandardCharsets.UTF_8).split("\n")) {
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
    return start(settings, identity, logs, original, Clock.system());
  }

  static ProxyServer start(
      ProxySettings settings,
      IdentitySource identity,
      LogSink logs,
      OriginalDestination original,
      Clock clock) {
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

  /** Waits until every loop has done what it was told before. */
  static void settle(ProxyServer proxy) throws Exception {
    for (int i = 0; proxy.worker(i) instanceof Worker worker; i++) {
      worker.loop().submit(() -> {}).get(60, TimeUnit.SECONDS);
    }
  }
}
