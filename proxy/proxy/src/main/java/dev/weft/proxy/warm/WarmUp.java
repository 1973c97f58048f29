package dev.weft.proxy.warm;

import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.loop.Clock;
import dev.weft.proxy.stats.ProxyMetrics;
import dev.weft.server.ProxyServer;
import dev.weft.server.log.LogSink;
import dev.weft.server.worker.ProxySettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Code that runs for the first time is slow. Before the proxy is ready it sends itself some
 * requests, through a data path of their own on loopback that nobody else sees: no metric, no line
 * of a log. It begins as soon as there is a certificate, while the configuration is on its way.
 */
public final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  static final int REQUESTS = 160;
  private static final int CONNECTIONS = 4;

  /** Where the processor is scarce no request begins after this time: being ready is worth more. */
  private static final Duration MOST = Duration.ofSeconds(1);

  /** For one answer: what is cut off would be a refused connection in the log. */
  private static final int ANSWER_MILLIS = 5_000;

  private final IdentitySource identity;
  private final Clock clock;
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger answered = new AtomicInteger();

  private WarmUp(IdentitySource identity, Clock clock) {
    this.identity = identity;
    this.clock = clock;
  }

  /** Begins with the first certificate of the workload. */
  public static WarmUp start(IdentitySource identity, Clock clock) {
    WarmUp warmUp = new WarmUp(identity, clock);
    Thread.ofPlatform().daemon().name("warm-up").start(warmUp::run);
    return warmUp;
  }

  /** Whether it has ended, well or not. */
  public boolean over() {
    return over.getCount() == 0;
  }

  /** How many of its requests were answered. */
  int answered() {
    return answered.get();
  }

  private void run() {
    try {
      CountDownLatch known = new CountDownLatch(1);
      identity.watch(first -> known.countDown());
      known.await();
      WorkloadIdentity self = identity.current();
      if (self != null) {
        ask(self.uri());
      }
    } catch (IOException e) {
      // Whatever it was, traffic would find it, and tell somebody who can do something.
      LOG.debug("Not warmed up: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      LOG.info("Warmed up by {} requests", answered);
      over.countDown();
    }
  }

  private void ask(String uri) throws IOException {
    long end = clock.nanos() + MOST.toNanos();
    WarmUpConfig.Ports ports = freePorts();
    try (ProxyServer server =
        ProxyServer.start(
            ProxySettings.ofLoops(1),
            identity,
            new ProxyMetrics("", () -> uri),
            new Unwritten(),
            clock)) {
      server.apply(WarmUpConfig.of(ports, uri));
      for (int i = 0; i < CONNECTIONS; i++) {
        ask(ports.client(), end);
      }
    }
  }

  /** Over a connection that is kept, as those of clients are; until the time is up. */
  private void ask(int port, long end) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(loopback(), port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < REQUESTS / CONNECTIONS; i++) {
        if (clock.nanos() - end >= 0) {
          return;
        }
        String path = WarmUpConfig.PATHS.get(i % WarmUpConfig.PATHS.size());
        socket
            .getOutputStream()
            .write(
                ("GET "
                        + path
                        + " HTTP/1.1\r\nhost: warm.up\r\nuser-agent: weft\r\naccept: */*\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        readAnswer(in);
        answered.incrementAndGet();
      }
    }
  }

  private static void readAnswer(InputStream in) throws IOException {
    String head = readUntil(in, "\r\n\r\n");
    if (!head.startsWith("HTTP/1.1 200 ")) {
      throw new IOException("an answer is " + head.lines().findFirst().orElse("empty"));
    }
    readUntil(in, WarmUpConfig.ANSWER);
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.length() < end.length() || read.indexOf(end, read.length() - end.length()) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("an answer ended early");
      }
      read.append((char) next);
    }
    return read.toString();
  }

  private static WarmUpConfig.Ports freePorts() throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        taken.add(new ServerSocket(0, 1, loopback()));
      }
      return new WarmUpConfig.Ports(
          taken.get(0).getLocalPort(),
          taken.get(1).getLocalPort(),
          taken.get(2).getLocalPort(),
          taken.get(3).getLocalPort());
    } finally {
      for (ServerSocket socket : taken) {
        socket.close();
      }
    }
  }

  // Exactly this address: redirection leaves a proxy alone that speaks to itself there.
  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /** Takes lines, and writes none. */
  private static final class Unwritten implements LogSink {
    @Override
    public boolean offer(String path, byte[] lines, int length) {
      return true;
    }

    @Override
    public long dropped() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
