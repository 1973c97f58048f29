package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.weft.config.ConfigEvent;
import dev.weft.config.KubeFact;
import dev.weft.loop.Clock;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What it costs to list a big cluster, and to list it again: memory that lives meanwhile and after,
 * garbage, CPU time of the reading process. Only when asked for: {@code -Dtest=ListBenchmark
 * -Dpods=50000 [-Dheap=500m]}.
 */
@EnabledIfSystemProperty(named = "pods", matches = "[1-9][0-9]*")
class ListBenchmark {
  @Test
  void run() throws IOException, InterruptedException {
    Process server =
        java(ManyPods.class, "256m", System.getProperty("pods"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
      Process reader =
          java(ListBenchmark.class, System.getProperty("heap", "500m"), out.readLine())
              .redirectErrorStream(true)
              .start();
      try (BufferedReader said = reader.inputReader(StandardCharsets.UTF_8)) {
        said.lines().forEach(System.out::println);
      }
      assertThat(reader.waitFor()).isZero();
    } finally {
      server.destroy();
    }
  }

  private static ProcessBuilder java(Class<?> main, String heap, String argument) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + heap,
        "-cp",
        System.getProperty("java.class.path"),
        main.getName(),
        argument);
  }

  /** Reads the server on a port, and prints what that took. */
  public static void main(String[] args) throws InterruptedException {
    AtomicLong highest = new AtomicLong();
    watchCollections(highest);
    BlockingQueue<ConfigEvent.FactsListed> lists = new LinkedBlockingQueue<>();
    KubernetesClient client =
        Kubeconfigs.client(
            """
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%s"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
                .formatted(args[0]));
    long before = live();
    Spent start = Spent.now();
    List<KubeFact> facts = new ArrayList<>();
    try (ClusterWatcher watcher =
        new ClusterWatcher(
            new ClusterId("big"),
            new KubeApi(client),
            event -> take(event, lists),
            client,
            Clock.system())) {
      watcher.start();
      for (String what : List.of("first list", "list again")) {
        ConfigEvent.FactsListed listed = lists.poll(10, TimeUnit.MINUTES);
        if (listed == null) {
          throw new IllegalStateException("no list of pods");
        }
        Spent end = Spent.now();
        // As the store of the control plane does: the facts of before are let go.
        facts.clear();
        facts.addAll(listed.facts());
        System.out.printf(
            "%s: %,d pods; %.1f s, of CPU %.1f s; allocated %,d MB;"
                + " alive after collections meanwhile: at most %,d MB%n",
            what,
            facts.size(),
            (end.nanos() - start.nanos()) / 1e9,
            (end.cpu() - start.cpu()) / 1e9,
            (end.allocated() - start.allocated()) >> 20,
            highest.get() >> 20);
        start = end;
      }
      long after = live();
      System.out.printf(
          "retained: %,d MB, %,d bytes per pod%n",
          (after - before) >> 20, (after - before) / facts.size());
    }
  }

  private static void take(ConfigEvent event, BlockingQueue<ConfigEvent.FactsListed> lists) {
    if (event instanceof ConfigEvent.FactsListed listed && listed.kind() == KubeFact.Kind.POD) {
      lists.add(listed);
    }
  }

  /** A moment; nanoseconds, and bytes allocated so far. */
  private record Spent(long nanos, long cpu, long allocated) {
    static Spent now() {
      return new Spent(
          System.nanoTime(),
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
          ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes());
    }
  }

  private static long live() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void watchCollections(AtomicLong highest) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, handback) -> {
              GarbageCollectionNotificationInfo info =
                  GarbageCollectionNotificationInfo.from(
                      (CompositeData) notification.getUserData());
              long used =
                  info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                      .filter(e -> e.getKey().startsWith("G1"))
                      .mapToLong(e -> e.getValue().getUsed())
                      .sum();
              highest.accumulateAndGet(used, Math::max);
            },
            null,
            null);
      }
    }
  }
}
