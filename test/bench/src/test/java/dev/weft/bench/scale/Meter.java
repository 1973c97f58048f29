package dev.weft.bench.scale;

import dev.weft.bench.scale.GcLog.Pauses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Takes the readings before and after, and prints the difference as one line. */
final class Meter {
  private static final Duration WINDOW = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** In a window, of a process: less is what an idle JVM needs, running and waiting to run. */
  private static final long STILL_MILLIS = 150;

  private final ControlPlaneProcess control;
  private final Fleet fleet;
  private final List<ProcessReadings> others;

  /**
   * @param others the processes of the API servers and of the proxies
   */
  Meter(ControlPlaneProcess control, Fleet fleet, List<ProcessReadings> others) {
    this.control = control;
    this.fleet = fleet;
    this.others = List.copyOf(others);
  }

  /** Something that changes what proxies should know. */
  @FunctionalInterface
  interface Act {
    void run() throws IOException, InterruptedException;
  }

  /** Readings at one moment. */
  record Start(long nanos, long cpuMillis, long bytes, long responses, int gcLines) {}

  /**
   * What it took until nothing moved any more.
   *
   * @param lastAckMillis from the start to the last confirmation; 0 where nothing was sent
   */
  record Cost(
      double wallMillis,
      double cpuMillis,
      double kilobytes,
      double responses,
      double lastAckMillis,
      Pauses pauses,
      boolean settled) {}

  Start start() throws IOException {
    return new Start(
        System.nanoTime(),
        control.readings().cpuMillis(),
        fleet.counts().bytes(),
        fleet.counts().responses(),
        control.gcLog().lines());
  }

  /** The same with nothing spent yet by a process that has only just been started. */
  Start startOfProcess() {
    return new Start(System.nanoTime(), 0, fleet.counts().bytes(), fleet.counts().responses(), 0);
  }

  /** Waits until nothing moves any more, and takes the difference. */
  Cost settled(Start start) throws IOException {
    boolean settled = settle();
    Counts counts = fleet.counts();
    long responses = counts.responses() - start.responses();
    return new Cost(
        (System.nanoTime() - start.nanos()) / 1e6,
        control.readings().cpuMillis() - start.cpuMillis(),
        (counts.bytes() - start.bytes()) / 1024.0,
        responses,
        responses == 0 ? 0 : (counts.lastNanos() - start.nanos()) / 1e6,
        control.gcLog().since(start.gcLines()),
        settled);
  }

  /**
   * Waits until no proxy was sent anything for a while, and no process has anything to do. Where a
   * change is expected to show in proxies, the first has to have it. False where that does not
   * come.
   */
  boolean settle() {
    Deliveries deliveries = fleet.counts().deliveries();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      long responses = fleet.counts().responses();
      List<Long> demands = demands();
      LockSupport.parkNanos(WINDOW.toNanos());
      if (fleet.counts().responses() == responses
          && still(demands, demands())
          && (!deliveries.expectsAny() || deliveries.count() > 0)) {
        return true;
      }
    }
    return false;
  }

  private List<Long> demands() {
    List<Long> demands = new ArrayList<>();
    demands.add(control.readings().demandMillis());
    for (ProcessReadings other : others) {
      demands.add(other.demandMillis());
    }
    return demands;
  }

  /** A thread that ended takes its time with it, which is no stillness either. */
  private static boolean still(List<Long> before, List<Long> after) {
    return IntStream.range(0, before.size())
        .allMatch(i -> Math.abs(after.get(i) - before.get(i)) < STILL_MILLIS);
  }

  /**
   * Does something again and again, each time until it has settled; once before, which is not
   * counted.
   */
  void repeat(String what, int repetitions, Act act) throws IOException, InterruptedException {
    act.run();
    settle();
    List<Cost> costs = new ArrayList<>();
    long reached = 0;
    int lines = control.gcLog().lines();
    for (int i = 0; i < repetitions; i++) {
      Deliveries deliveries = fleet.counts().newDeliveries();
      Start start = start();
      act.run();
      costs.add(settled(start));
      reached += deliveries.count();
    }
    List<Double> last = costs.stream().map(Cost::lastAckMillis).sorted().toList();
    double cpu = costs.stream().mapToDouble(Cost::cpuMillis).sum() / repetitions;
    System.out.printf(
        Locale.ROOT,
        "%-30s x%-3d CPU %8.1f ms (%.3f ms a proxy)  last ACK p50 %5.0f ms p99 %5.0f ms  reached"
            + " %.0f of %d  %.1f kB in %.1f responses  %s%s%n",
        what,
        repetitions,
        cpu,
        cpu / fleet.size(),
        last.get(last.size() / 2),
        last.get((int) Math.ceil(last.size() * 0.99) - 1),
        (double) reached / repetitions,
        fleet.size(),
        costs.stream().mapToDouble(Cost::kilobytes).sum() / repetitions,
        costs.stream().mapToDouble(Cost::responses).sum() / repetitions,
        process(control.gcLog().since(lines)),
        costs.stream().allMatch(Cost::settled) ? "" : "  NOT SETTLED");
  }

  /** Prints what something took that is done once. */
  void report(String what, Cost cost, String more) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%-35s CPU %8.0f ms%s  %s%s%s%n",
        what,
        cost.cpuMillis(),
        cost.responses() == 0 ? "" : sent(cost),
        more.isEmpty() ? "" : more + "  ",
        process(cost.pauses()),
        cost.settled() ? "" : "  NOT SETTLED");
  }

  private String sent(Cost cost) {
    return String.format(
        Locale.ROOT,
        " (%.2f ms a proxy)  last ACK %.0f ms  %.1f MB in %.0f responses",
        cost.cpuMillis() / fleet.size(),
        cost.lastAckMillis(),
        cost.kilobytes() / 1024,
        cost.responses());
  }

  /** Memory and pauses, as every line has them. */
  String process(Pauses pauses) throws IOException {
    String collections =
        pauses.count() == 0
            ? "no GC"
            : String.format(
                Locale.ROOT,
                "GC %d (full %d) longest %.1f ms sum %.0f ms, heap after it %d MB",
                pauses.count(),
                pauses.full(),
                pauses.longestMillis(),
                pauses.totalMillis(),
                pauses.heapMegabytes());
    return String.format(
        Locale.ROOT,
        "%s  RSS %d MB (most %d MB)",
        collections,
        control.readings().residentMegabytes(),
        control.readings().peakMegabytes());
  }
}
