package dev.weft.bench.demand;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory of a sidecar whose pod calls three services, in meshes of several sizes, how long the
 * first call of each takes and a later one, and afterwards the first calls of fifty others.
 */
final class SidecarMemory {
  private static final int CALLS = 200;
  private static final int NEW = 50;
  private static final Duration CALM = Duration.ofSeconds(15);

  private SidecarMemory() {}

  /**
   * Measures.
   *
   * @param arguments the program, a directory, how many times, then numbers of services
   */
  public static void main(String[] arguments) throws IOException {
    Path weft = Path.of(arguments[0]);
    Path directory = Path.of(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(Services.SERVER_ADDRESS, Services.TARGET_PORT), 16);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    for (int i = 3; i < arguments.length; i++) {
      int services = Integer.parseInt(arguments[i]);
      try (BenchControlPlane control = new BenchControlPlane(services)) {
        for (int round = 0; round < rounds; round++) {
          for (boolean onDemand : new boolean[] {false, true}) {
            Path of = directory.resolve(services + "-" + onDemand + "-" + round);
            try (Sidecar sidecar = new Sidecar(weft, of, control, onDemand)) {
              measure(services, onDemand, sidecar);
            } catch (IOException e) {
              System.out.printf("%5d services  %s  %s%n", services, mode(onDemand), e.getMessage());
            }
          }
        }
      }
    }
    server.stop(0);
  }

  private static void measure(int services, boolean onDemand, Sidecar sidecar) throws IOException {
    sidecar.awaitReady();
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < Services.CALLED; i++) {
      Duration first = Sidecar.call(Services.name(i));
      calls.add("%.1f, then %.1f".formatted(millis(first), millis(Sidecar.call(Services.name(i)))));
    }
    List<Duration> later = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      later.add(Sidecar.call(Services.name(i % Services.CALLED)));
    }
    LockSupport.parkNanos(CALM.toNanos());
    long resident = resident(sidecar.pid());
    List<Duration> news = new ArrayList<>();
    for (int i = Services.CALLED; i < services && news.size() < NEW; i++) {
      news.add(Sidecar.call(Services.name(i)));
    }
    System.out.printf(
        "%5d services  %s  %6d kB resident; first calls %s ms; median of later ones %.1f ms; then the"
            + " first ones of %d others: median %.1f, longest %.1f ms%n",
        services,
        mode(onDemand),
        resident,
        String.join("; ", calls),
        median(later),
        news.size(),
        median(news),
        millis(Collections.max(news)));
  }

  private static double median(List<Duration> of) {
    return millis(of.stream().sorted().toList().get(of.size() / 2));
  }

  private static String mode(boolean onDemand) {
    return onDemand ? "on demand" : "told all ";
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static long resident(long pid) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(pid), "status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
