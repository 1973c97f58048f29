package dev.weft.bench.scale;

import dev.weft.bench.scale.GcLog.Pauses;
import dev.weft.bench.scale.Meter.Start;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Random edits of all kinds, one after the other, twenty a second at most: what becomes of memory
 * and of the longest pause, and whether the process outlives it. Confined to the driver's thread.
 */
final class Soak {
  private static final int REPORT = 500;
  private static final long PACE_NANOS = 50_000_000;
  private static final int SPARES = 80;

  private final Bench bench;
  private final Random random = new Random(1);
  private final Set<Integer> spares = new HashSet<>();
  private int refused;

  Soak(Bench bench) {
    this.bench = bench;
  }

  void run() throws IOException {
    Start start = bench.meter().start();
    Start last = start;
    int edits = bench.options().edits();
    for (int i = 1; i <= edits && bench.control().alive(); i++) {
      long due = System.nanoTime() + PACE_NANOS;
      try {
        edit(i);
      } catch (IOException e) {
        // A control plane that has no memory left does not answer the API servers in time either.
        refused++;
      }
      LockSupport.parkNanos(due - System.nanoTime());
      if (i % REPORT == 0) {
        report(i, last);
        last = bench.meter().start();
      }
    }
    boolean settled = bench.meter().settle();
    if (bench.control().alive()) {
      Pauses pauses = bench.control().gcLog().since(start.gcLines());
      System.out.printf(
          Locale.ROOT,
          "%-35s lived  %s%s%n",
          "soak of " + edits + " edits",
          bench.meter().process(pauses),
          settled ? "" : "  NOT SETTLED");
    }
  }

  private void edit(int number) throws IOException {
    int service = random.nextInt(bench.estate().services());
    switch (random.nextInt(4)) {
      case 0 -> bench.edits().virtualService(service, 1 + number);
      case 1 -> bench.edits().destinationRule(service, 100 + number);
      case 2 -> {
        int spare = bench.estate().spare(random.nextInt(SPARES));
        if (spares.add(spare)) {
          bench.edits().service(spare);
        } else {
          spares.remove(spare);
          bench.edits().deleteService(spare);
        }
      }
      default -> bench.edits().endpoint(service, random.nextBoolean());
    }
  }

  private void report(int edits, Start last) throws IOException {
    double cpu = bench.control().readings().cpuMillis() - last.cpuMillis();
    System.out.printf(
        Locale.ROOT,
        "%-35s CPU %8.1f ms an edit  %.0f s for %d edits, %d refused so far  %s%n",
        "after " + edits + " edits",
        cpu / REPORT,
        (System.nanoTime() - last.nanos()) / 1e9,
        REPORT,
        refused,
        bench.meter().process(bench.control().gcLog().since(last.gcLines())));
  }
}
