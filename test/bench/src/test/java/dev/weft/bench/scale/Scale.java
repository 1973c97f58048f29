package dev.weft.bench.scale;

import dev.weft.bench.scale.ScaleOptions.Action;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The driver: starts the API servers and the control plane, plays the proxies, and does what it is
 * asked for, one after the other. What it started ends with it, also when it is interrupted.
 */
final class Scale {
  private Scale() {}

  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--help")) {
      System.out.print(ScaleOptions.USAGE);
      return;
    }
    ScaleOptions options;
    try {
      options = ScaleOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("scale.sh: " + e.getMessage() + "\n\n" + ScaleOptions.USAGE);
      System.exit(2);
      return;
    }
    Logger.getLogger("").setLevel(Level.WARNING);
    EndOnFailure.install();
    Files.createDirectories(options.directory());
    Process servers = servers(options);
    Runtime.getRuntime().addShutdownHook(new Thread(servers::destroyForcibly));
    awaitServers(servers, options);
    ControlPlaneProcess control =
        new ControlPlaneProcess(
            options.root().resolve("bin/weft"), options.directory(), options.heap());
    Runtime.getRuntime().addShutdownHook(new Thread(control::close));
    Estate estate = new Estate(options.services());
    try (Fleet fleet = new Fleet(estate, control.xdsPort())) {
      Edits edits = new Edits(estate, fleet.counts(), options.directory());
      Meter meter =
          new Meter(
              control,
              fleet,
              List.of(
                  new ProcessReadings(servers.pid()),
                  new ProcessReadings(ProcessHandle.current().pid())));
      run(new Bench(options, estate, control, fleet, edits, meter));
    }
    System.exit(0);
  }

  private static Process servers(ScaleOptions options) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ClusterServers.class.getName(),
            options.directory().toString(),
            Integer.toString(options.services()))
        .redirectError(options.directory().resolve("servers.log").toFile())
        .start();
  }

  private static void awaitServers(Process servers, ScaleOptions options) throws IOException {
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(servers.getInputStream(), StandardCharsets.UTF_8))) {
      if (!ClusterServers.READY.equals(said.readLine())) {
        throw new IOException(
            "the API servers do not start; see " + options.directory().resolve("servers.log"));
      }
    }
  }

  private static void run(Bench bench) throws IOException, InterruptedException {
    ScaleOptions options = bench.options();
    System.out.printf(
        Locale.ROOT,
        "%d services of %d pods in %s, %d sidecars, heap %s%n",
        options.services(),
        Estate.PODS,
        List.copyOf(Estate.CLUSTERS),
        options.sidecars(),
        options.heap().isEmpty() ? "as shipped" : options.heap());
    Meter.Start start = bench.meter().startOfProcess();
    bench.control().start();
    bench.control().awaitReady();
    bench.meter().report("start", bench.meter().settled(start), "");
    new Storms(bench).connect();
    new SingleChanges(bench).rehearse();
    long lost = 0;
    for (Action action : options.actions()) {
      long before = bench.fleet().counts().lostStreams();
      try {
        run(action, bench);
      } catch (IOException e) {
        // What fails because the control plane is gone is what the action has found out.
        if (!bench.control().dies()) {
          throw e;
        }
      }
      if (!bench.control().alive()) {
        System.out.printf(
            Locale.ROOT,
            "%-35s the control plane DIED; see control.log  %s%n",
            action,
            bench.meter().process(bench.control().gcLog().since(0)));
        return;
      }
      if (action != Action.RECONNECT) {
        lost += bench.fleet().counts().lostStreams() - before;
      }
    }
    if (lost > 0) {
      System.out.printf(Locale.ROOT, "%d streams were LOST that nobody ended%n", lost);
    }
  }

  private static void run(Action action, Bench bench) throws IOException, InterruptedException {
    SingleChanges changes = new SingleChanges(bench);
    Storms storms = new Storms(bench);
    switch (action) {
      case IDLE -> changes.idle();
      case ENDPOINT -> changes.endpoint();
      case ANNOTATION -> changes.annotation();
      case VIRTUAL_SERVICE -> changes.virtualService();
      case SERVICE -> changes.service();
      case ROLLING -> storms.rolling();
      case CHURN -> storms.churn();
      case RECONNECT -> storms.reconnect();
      case NARROW -> storms.narrow();
      case SOAK -> new Soak(bench).run();
    }
  }
}
