package dev.weft.e2e;

import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Somebody who means harm, in a network namespace: {@code Attacker HOW HOST PORT COUNT}. Says so
 * when everything is under way, stays until its standard input ends, and for {@link #MAX_SECONDS}
 * at most.
 */
final class Attacker implements AutoCloseable {
  private static final int MAX_SECONDS = 120;
  private static final int CONNECT_MILLIS = 5_000;
  private static final long BODY_BYTES = 60_000_000;

  private final Process process;

  private Attacker(Process process) {
    this.process = process;
  }

  /** Starts in a namespace, and returns when the attack is under way. */
  static Attacker in(
      Lab lab, String namespace, String how, String host, int port, int connections) {
    Command command =
        lab.inNamespace(
            namespace,
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Attacker.class.getName(),
            how,
            host,
            String.valueOf(port),
            String.valueOf(connections));
    try {
      Process process = command.start();
      CompletableFuture<String> complaints = Command.read(process.getErrorStream());
      StringBuilder said = new StringBuilder();
      InputStream out = process.getInputStream();
      for (int c = out.read(); c >= 0 && c != '\n'; c = out.read()) {
        said.append((char) c);
      }
      if (!said.toString().startsWith("UNDER WAY")) {
        process.destroyForcibly();
        throw new AssertionError("no attack: " + said + complaints.join());
      }
      System.out.println(how + ": " + said);
      return new Attacker(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything that it held is let go. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the attacker does not leave");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  public static void main(String[] args) throws Exception {
    Thread end =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(MAX_SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(0);
            });
    end.setDaemon(true);
    end.start();
    InetSocketAddress target = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
    int connections = Integer.parseInt(args[3]);
    switch (args[0]) {
      case "unfinished-heads" ->
          hold(target, connections, "GET / HTTP/1.1\r\nHost: httpbin\r\nX: " + "x".repeat(50_000));
      case "slow-readers" ->
          hold(
              target,
              connections,
              "GET /bytes/100000 HTTP/1.1\r\nHost: httpbin:8000\r\n\r\n".repeat(20));
      // The head of a TLS record of 16 KiB, and less than that.
      case "half-records" ->
          hold(target, connections, "\u0016\u0003\u0001\u0040\u0000" + "\u0001".repeat(16_000));
      case "bodies" -> post(target, connections);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** On each connection sends as much of this as is taken at once, and then reads nothing. */
  private static void hold(InetSocketAddress target, int connections, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    List<SocketChannel> open = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < connections; i++) {
      try {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.socket().connect(target, CONNECT_MILLIS);
        channel.configureBlocking(false);
        int unused = channel.write(ByteBuffer.wrap(bytes));
        open.add(channel);
      } catch (IOException e) {
        refused++;
      }
    }
    System.out.println("UNDER WAY, " + open.size() + " connections, " + refused + " refused");
    untilToldToLeave();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  /** Posts bodies that are far too large to a webhook, all at the same time. */
  private static void post(InetSocketAddress target, int connections) throws Exception {
    SSLContext context = context();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      threads.add(Thread.ofPlatform().daemon().start(() -> body(context, target)));
    }
    System.out.println("UNDER WAY, " + threads.size() + " bodies");
    untilToldToLeave();
  }

  private static void untilToldToLeave() throws IOException {
    byte[] unused = System.in.readAllBytes();
  }

  private static void body(SSLContext context, InetSocketAddress target) {
    byte[] part = new byte[64 << 10];
    Arrays.fill(part, (byte) '{');
    while (true) {
      try (SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(target.getAddress(), target.getPort())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            ("POST /inject HTTP/1.1\r\nHost: istiod\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + BODY_BYTES
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        for (long sent = 0; sent < BODY_BYTES; sent += part.length) {
          out.write(part);
        }
        int unused = socket.getInputStream().read();
      } catch (IOException e) {
        // It had enough of that; once more.
      }
    }
  }

  private static SSLContext context() throws NoSuchAlgorithmException, KeyManagementException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return context;
  }
}
