package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What naming pods costs: CPU time of the proxies' loops for each request, and memory for each
 * connection. A measurement, made by {@code test/bench/hop.sh}.
 */
@EnabledIfSystemProperty(named = "weft.bench", matches = "true")
class HopCostTest {
  private static final int CONNECTIONS = 16;
  private static final int ROUNDS = 5;
  private static final long NANOS = 3_000_000_000L;

  @TempDir private Path files;

  private static String mesh(int pods) {
    StringBuilder yaml =
        new StringBuilder(
            """
            mesh: {accessLogFile: ""}
            clusters:
              west:
                network: network-west
                pods:
                  - {name: client-1.shop, app: client, ip: NET.8}
              east:
                network: network-east
                crossClusterProxy: true
                services:
                  - {name: web.shop, vip: 10.97.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
                  - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [NET.200]}
                pods:
                  - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: NET.200, injected: false, labels: {mesh.weft.dev/hop: "1"}}
            """);
    for (int i = 1; i <= pods; i++) {
      yaml.append("      - {name: web-")
          .append(i)
          .append(".shop, app: web, ip: NET.")
          .append(10 + i);
      yaml.append("}\n");
    }
    return yaml.toString();
  }

  /** One load. */
  private record Load(double client, double others, int upstream, double megabytes) {}

  @ParameterizedTest
  @ValueSource(ints = {8, 100})
  void what_a_request_costs(int pods) throws Exception {
    try (World world = new World(mesh(pods), files)) {
      List<Load> plain = new ArrayList<>();
      List<Load> named = new ArrayList<>();
      load(world, false);
      load(world, true);
      for (int round = 0; round < ROUNDS; round++) {
        plain.add(load(world, false));
        named.add(load(world, true));
      }
      print(pods + " pods, the gateway chooses", plain);
      print(pods + " pods, the client names one", named);
      assertThat(named).allSatisfy(l -> assertThat(l.upstream()).isGreaterThanOrEqualTo(pods));
    }
  }

  private static void print(String what, List<Load> loads) {
    System.out.printf(
        "%-34s client's sidecar %.1f us CPU/request (%s), gateway and servers %.1f us, %d connections to the"
            + " gateway, %.1f MB%n",
        what,
        median(loads.stream().map(Load::client).toList()),
        loads.stream().map(l -> "%.1f".formatted(l.client())).toList(),
        median(loads.stream().map(Load::others).toList()),
        loads.getLast().upstream(),
        median(loads.stream().map(Load::megabytes).toList()));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static Load load(World world, boolean names) throws Exception {
    world.objects("[]");
    double before = megabytes();
    try (Client client = world.client("client-1", names, "load")) {
      long own = client.proxy().cpuNanos();
      long others = world.proxies().values().stream().mapToLong(LiveProxy::cpuNanos).sum();
      AtomicLong requests = new AtomicLong();
      long end = System.nanoTime() + NANOS;
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try (Client.Conversation talk = client.talk()) {
                        while (System.nanoTime() < end) {
                          assertThat(talk.get("/").status()).isEqualTo(200);
                          requests.incrementAndGet();
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      double count = requests.get() * 1_000.0;
      return new Load(
          (client.proxy().cpuNanos() - own) / count,
          (world.proxies().values().stream().mapToLong(LiveProxy::cpuNanos).sum() - others) / count,
          client.idle(),
          megabytes() - before);
    }
  }

  /** Resident memory of this process, with what is live of the heap in place of the heap's size. */
  private static double megabytes() throws IOException {
    System.gc();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        long resident = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        return (resident - heap.getCommitted() + heap.getUsed()) / 1e6;
      }
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }
}
