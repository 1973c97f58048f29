package dev.weft.bench.scale;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The control plane, as users start it: {@code bin/weft control} with the JVM options that it
 * ships. It comes back to the same ports and the same directory. Confined to the driver's thread,
 * but that the one at exit may close it.
 */
final class ControlPlaneProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(10);
  private static final Duration DYING = Duration.ofSeconds(3);
  private static final int ANSWER_MILLIS = 2_000;
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Path weft;
  private final Path directory;
  private final String heap;
  private final Ports ports;
  private int starts;
  private volatile @Nullable Process process;

  private record Ports(int xds, int xdsTls, int webhooks, int monitoring, int console) {}

  /**
   * @param weft the program
   * @param directory with the config API's kubeconfig; logs are written there
   * @param heap as in {@code -Xmx}; empty for that which is shipped
   */
  ControlPlaneProcess(Path weft, Path directory, String heap) throws IOException {
    this.weft = weft;
    this.directory = directory;
    this.heap = heap;
    List<Integer> free = freePorts(5);
    this.ports = new Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4));
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket each : held) {
        each.close();
      }
    }
  }

  /** Starts it; {@link #awaitReady} waits. */
  void start() throws IOException {
    starts++;
    List<String> command = new ArrayList<>(List.of(weft.toString(), "control"));
    command.addAll(
        List.of(
            "--kubeconfig", ClusterServers.kubeconfig(directory, ClusterServers.MESH).toString()));
    command.addAll(List.of("--data-dir", directory.resolve("control").toString()));
    command.addAll(List.of("--root-namespace", "istio-system", "--no-leader-election"));
    command.addAll(List.of("--bind", "127.0.0.1", "--advertise", "127.0.0.1"));
    command.addAll(List.of("--xds-port", Integer.toString(ports.xds())));
    command.addAll(List.of("--xds-tls-port", Integer.toString(ports.xdsTls())));
    command.addAll(List.of("--webhook-port", Integer.toString(ports.webhooks())));
    command.addAll(List.of("--monitoring-port", Integer.toString(ports.monitoring())));
    command.addAll(List.of("--console-port", Integer.toString(ports.console())));
    ProcessBuilder builder = new ProcessBuilder(command);
    String log = "-Xlog:gc:file=" + gcLog().file() + (heap.isEmpty() ? "" : " -Xmx" + heap);
    builder.environment().merge("WEFT_JAVA_OPTS", log, (said, ours) -> said + " " + ours);
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(directory.resolve("control.log").toFile()));
    process = builder.start();
  }

  /** Waits until it serves. */
  void awaitReady() throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (!ready()) {
      if (!alive() || System.nanoTime() > end) {
        throw new IOException(
            "the control plane does not serve; see " + directory.resolve("control.log"));
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private boolean ready() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + ports.monitoring() + "/ready")
                  .toURL()
                  .openConnection();
      connection.setConnectTimeout(ANSWER_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  /** Without a chance to say anything ({@code SIGKILL}). */
  void kill() throws InterruptedException {
    Process running = process();
    running.destroyForcibly();
    running.waitFor();
  }

  boolean alive() {
    return process().isAlive();
  }

  /** Whether it is gone, or about to go. */
  boolean dies() throws InterruptedException {
    return process().waitFor(DYING.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where proxies find it, without TLS. */
  int xdsPort() {
    return ports.xds();
  }

  /** Of the process that runs now. */
  ProcessReadings readings() {
    return new ProcessReadings(process().pid());
  }

  /** Of the process that runs now. */
  GcLog gcLog() {
    return new GcLog(directory.resolve("gc-" + starts + ".log"));
  }

  private Process process() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("the control plane was not started");
    }
    return started;
  }

  @Override
  public void close() {
    Process started = process;
    if (started != null) {
      started.destroyForcibly();
    }
  }
}
