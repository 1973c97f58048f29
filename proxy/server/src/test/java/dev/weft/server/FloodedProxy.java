package dev.weft.server;

import dev.weft.runtime.HttpPipeline;
import dev.weft.server.log.LogSink;
import dev.weft.server.worker.ProxySettings;
import dev.weft.server.worker.Worker;
import dev.weft.testkit.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy of two loops as a process with the memory that is shipped. */
final class FloodedProxy implements AutoCloseable {
  private static final String OVERLOADED = "\"RESPONSE_FLAGS\":\"OM\"";

  private final Process process;
  private final BufferedReader said;

  /** What the process said first. */
  final int port;

  /**
   * Starts one; as {@code bin/weft} does, where it matters.
   *
   * @param origin serves everything but {@code /big}
   * @param big serves that
   */
  FloodedProxy(int origin, int big) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-Xmn3m",
                "-Xss256k",
                "-XX:MaxDirectMemorySize=48m",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dio.netty.leakDetection.level=disabled",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                FloodedProxy.class.getName(),
                String.valueOf(origin),
                String.valueOf(big))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    port = Integer.parseInt(said.readLine());
  }

  /** How many lines of its log say that there was too much to hold. */
  int overloaded() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String line = said.readLine();
    if (line == null) {
      throw new AssertionError("the proxy is gone");
    }
    return Integer.parseInt(line);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }

  /** Counts what is of interest in the log. */
  private static final class Counting implements LogSink {
    final AtomicInteger overloaded = new AtomicInteger();

    @Override
    public boolean offer(String path, byte[] bytes, int length) {
      for (String line : new String(bytes, 0, length, StandardCharsets.UTF_8).split("\n")) {
        if (line.contains(OVERLOADED)) {
          overloaded.incrementAndGet();
        }
      }
      return true;
    }

    @Override
    public long dropped() {
      return 0;
    }

    @Override
    public void close() {}
  }

  /**
   * The process: says its port, then after each line that comes how much was too much.
   *
   * @param args the ports of the two origins
   */
  public static void main(String[] args) throws IOException {
    Counting logs = new Counting();
    int port = Ports.free();
    HttpPipeline pipeline =
        Configs.http(
            "table",
            Configs.OUTBOUND_FILTERS,
            Configs.logs("RESPONSE_FLAGS"),
            HttpPipeline.ForwardClientCert.SANITIZE,
            Configs.NO_TIMEOUTS);
    try (ProxyServer proxy =
        Proxies.start(ProxySettings.ofLoops(2), new Proxies.Nobody(), logs, channel -> null)) {
      proxy.apply(
          Configs.plainHttp(port, Integer.parseInt(args[0]))
              .cluster(Configs.cluster("big"), Integer.parseInt(args[1]))
              .routes("table", Configs.route("/big", "big"), Configs.route("/", "app"))
              .listener(Configs.plain("front", port, pipeline))
              .build());
      System.out.println(port);
      BufferedReader asked =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      while (asked.readLine() != null) {
        for (Worker worker : List.of(proxy.worker(0), proxy.worker(1))) {
          worker.loop().submit(() -> worker.logs().flush()).awaitUninterruptibly();
        }
        System.out.println(logs.overloaded.get());
      }
    }
  }
}
