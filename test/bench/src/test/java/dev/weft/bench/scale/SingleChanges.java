package dev.weft.bench.scale;

import dev.weft.bench.scale.Meter.Cost;
import dev.weft.bench.scale.Meter.Start;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One change, again and again, each with time to settle. */
record SingleChanges(Bench bench) {
  private static final int REHEARSED_EDITS = 150;
  private static final int MAX_REHEARSED_EDITS = 800;

  /** Edits after which the compilers are looked at, and what they may have run meanwhile. */
  private static final int ROUND = 50;

  private static final long COMPILED_MILLIS = 200;
  private static final long REHEARSAL_PACE_NANOS = 200_000_000;
  private static final int IDLE_SECONDS = 10;

  /** The service that is changed; no proxy is one of its pods' only by chance. */
  static int target(Estate estate) {
    return estate.services() / 20 * 10 + 1;
  }

  private int target() {
    return target(bench.estate());
  }

  /**
   * Changes that are not measured, for half a minute at least and until the JVM's compilers have
   * little left to do: else the figures would be theirs.
   */
  void rehearse() throws IOException {
    long before = 0;
    for (int i = 0; i < MAX_REHEARSED_EDITS; i++) {
      if (i % ROUND == 0) {
        long now = bench.control().readings().compilerMillis();
        if (i >= REHEARSED_EDITS && Math.abs(now - before) < COMPILED_MILLIS) {
          break;
        }
        before = now;
      }
      if (i % 2 == 0) {
        bench.edits().endpoint(target(), i % 4 != 0);
      } else {
        bench.edits().virtualService(target() + 1, 1 + i);
      }
      LockSupport.parkNanos(REHEARSAL_PACE_NANOS);
    }
    bench.edits().deleteVirtualService(target() + 1);
    bench.meter().settle();
  }

  /** What is spent while nothing changes; the other figures have it in them. */
  void idle() throws IOException, InterruptedException {
    bench.meter().settle();
    Start start = bench.meter().start();
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    Cost cost = bench.meter().settled(start);
    System.out.printf(
        Locale.ROOT,
        "%-35s CPU %8.1f ms a second  %s%n",
        "idle",
        cost.cpuMillis() * 1_000 / cost.wallMillis(),
        bench.meter().process(cost.pauses()));
  }

  void endpoint() throws IOException, InterruptedException {
    boolean[] ready = {true};
    repeat(
        "endpoint ready or not",
        () -> {
          ready[0] = !ready[0];
          bench.edits().endpoint(target(), ready[0]);
        });
  }

  void annotation() throws IOException, InterruptedException {
    int[] value = {0};
    repeat(
        "annotation that nobody reads",
        () -> bench.edits().annotation(target(), "note " + ++value[0]));
  }

  void virtualService() throws IOException, InterruptedException {
    int[] count = {0};
    bench
        .meter()
        .repeat(
            "VirtualService created",
            Math.min(bench.options().repetitions(), 5),
            () -> bench.edits().virtualService(target() + 1 + count[0]++, 1));
    int[] timeout = {1};
    repeat(
        "VirtualService changed", () -> bench.edits().virtualService(target() + 1, ++timeout[0]));
    for (int i = 0; i < count[0]; i++) {
      bench.edits().deleteVirtualService(target() + 1 + i);
    }
    bench.meter().settle();
  }

  void service() throws IOException, InterruptedException {
    int[] count = {0};
    repeat("new Service", () -> bench.edits().service(bench.estate().spare(count[0]++)));
    for (int i = 0; i < count[0]; i++) {
      bench.edits().deleteService(bench.estate().spare(i));
    }
    bench.meter().settle();
  }

  private void repeat(String what, Meter.Act act) throws IOException, InterruptedException {
    bench.meter().repeat(what, bench.options().repetitions(), act);
  }
}
