package dev.weft.bench.scale;

import dev.weft.bench.scale.Meter.Cost;
import dev.weft.bench.scale.Meter.Start;
import dev.weft.bench.scale.SimulatedSidecar.Appetite;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Many changes at once, and many proxies at once. */
record Storms(Bench bench) {
  private static final int CHANGES_A_SECOND = 10;
  private static final int NARROW_NAMES = 3;
  private static final long CONFIGURED_MILLIS = 300_000;

  /** All proxies that want everything. */
  void connect() throws IOException {
    Start start = bench.meter().start();
    bench.fleet().connect(Pods.wide(bench.estate(), bench.options()), new Appetite.Everything());
    awaitConfigured();
    bench.meter().report("connect", bench.meter().settled(start), configured());
  }

  private void awaitConfigured() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONFIGURED_MILLIS);
    while (bench.fleet().configured() < bench.fleet().size()
        && bench.control().alive()
        && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private String configured() {
    return bench.fleet().configured() + " of " + bench.fleet().size() + " configured";
  }

  /** A tenth of all pods, as fast as the API server takes it: one of each of 3 in 10 services. */
  void rolling() throws IOException {
    int[] services =
        IntStream.range(0, bench.estate().services()).filter(s -> s % 10 < 3).toArray();
    Deliveries deliveries = bench.fleet().counts().newDeliveries();
    Start start = bench.meter().start();
    for (int service : services) {
      bench.edits().restart(service);
    }
    double edited = (System.nanoTime() - start.nanos()) / 1e6;
    Cost cost = bench.meter().settled(start);
    bench
        .meter()
        .report(
            "rolling restart of " + services.length + " pods",
            cost,
            String.format(
                Locale.ROOT,
                "%.1f ms CPU a pod, edits took %.0f ms, %s",
                cost.cpuMillis() / services.length,
                edited,
                behind(deliveries)));
  }

  /** Endpoints of one service after the other, ten times a second. */
  void churn() throws IOException {
    int seconds = bench.options().churnSeconds();
    Deliveries deliveries = bench.fleet().counts().newDeliveries();
    Start start = bench.meter().start();
    for (int i = 0; i < seconds * CHANGES_A_SECOND; i++) {
      long due = start.nanos() + i * (1_000_000_000L / CHANGES_A_SECOND);
      LockSupport.parkNanos(due - System.nanoTime());
      int service = i % bench.estate().services();
      boolean ready = i / bench.estate().services() % 2 == 1;
      bench.edits().endpoint(service, ready);
    }
    double edited = System.nanoTime() - start.nanos();
    long cpu = bench.control().readings().cpuMillis() - start.cpuMillis();
    Cost cost = bench.meter().settled(start);
    bench
        .meter()
        .report(
            "churn, " + CHANGES_A_SECOND + " changes/s for " + seconds + " s",
            cost,
            String.format(
                Locale.ROOT,
                "%.0f %% of a core, %.1f ms CPU a change, %s",
                cpu * 1e8 / edited,
                cost.cpuMillis() / (seconds * CHANGES_A_SECOND),
                behind(deliveries)));
  }

  private static String behind(Deliveries deliveries) {
    return String.format(
        Locale.ROOT,
        "proxies behind p50 %d ms p99 %d ms, slowest %d ms (%d confirmations)",
        deliveries.millis(0.5),
        deliveries.millis(0.99),
        deliveries.millis(1),
        deliveries.count());
  }

  /** The control plane is killed and started again; all proxies come back. */
  void reconnect() throws IOException, InterruptedException {
    bench.control().kill();
    long lost = bench.fleet().counts().lostStreams();
    Start start = bench.meter().startOfProcess();
    bench.control().start();
    bench.control().awaitReady();
    double ready = (System.nanoTime() - start.nanos()) / 1e6;
    awaitConfigured();
    Cost cost = bench.meter().settled(start);
    bench
        .meter()
        .report(
            "reconnect after kill -9",
            cost,
            String.format(
                Locale.ROOT,
                "%s, serves after %.0f ms, %d streams refused on the way",
                configured(),
                ready,
                bench.fleet().counts().lostStreams() - lost));
    new SingleChanges(bench).rehearse();
  }

  /** Proxies that want little beside those that want everything. */
  void narrow() throws IOException, InterruptedException {
    int last = bench.estate().services() / 10 * 10 - 2;
    List<String> names =
        IntStream.range(0, NARROW_NAMES).mapToObj(i -> Estate.clusterName(last - i)).toList();
    Start start = bench.meter().start();
    bench
        .fleet()
        .connect(Pods.narrow(bench.estate(), bench.options()), new Appetite.Endpoints(names));
    awaitConfigured();
    bench
        .meter()
        .report(
            "connect " + bench.options().narrow() + " narrow ones",
            bench.meter().settled(start),
            configured());
    // Neither what they take anyhow nor what the compilers do is part of what a change costs.
    new SingleChanges(bench).rehearse();
    new SingleChanges(bench).idle();
    int other = SingleChanges.target(bench.estate());
    toggle("an endpoint that only the wide want", other);
    toggle("an endpoint that all want", last);
  }

  private void toggle(String what, int service) throws IOException, InterruptedException {
    boolean[] ready = {true};
    bench
        .meter()
        .repeat(
            what,
            bench.options().repetitions(),
            () -> {
              ready[0] = !ready[0];
              bench.edits().endpoint(service, ready[0]);
            });
  }
}
