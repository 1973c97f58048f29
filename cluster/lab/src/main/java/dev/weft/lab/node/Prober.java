package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.node.ProbeTarget.Outcome;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs the hooks and probes of one run of a container, on virtual threads of its own.
 *
 * <p>Until a probe succeeds for the first time it is tried more often than its period says, so that
 * a container is ready when it is, not up to a period later; failures are counted once per period.
 */
final class Prober implements AutoCloseable {
  private static final long FIRST_PAUSE_MS = 25;

  /** What was found out; called from the prober's threads. */
  interface Listener {
    /** The postStart hook and the startup probe are through. */
    void started();

    void ready(boolean ready);

    /** To be killed and, where the policy says so, started again. */
    void condemned(String why);

    /** A failed attempt that people want to see. */
    void unhealthy(String probe, String message);
  }

  private final JsonNode container;
  private final ProbeTarget target;
  private final Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);

  Prober(JsonNode container, ProbeTarget target, Listener listener) {
    this.container = container;
    this.target = target;
    this.listener = listener;
  }

  void start() {
    Thread.ofVirtual().name("probe").start(() -> quietly(this::run));
  }

  /** A step that may be interrupted. */
  private interface Step {
    void run() throws InterruptedException;
  }

  private static void quietly(Step step) {
    try {
      step.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() throws InterruptedException {
    JsonNode hook = container.path("lifecycle").path("postStart");
    if (hook.isObject()) {
      Outcome outcome = target.attempt(hook, 600);
      if (!outcome.ok()) {
        tell(() -> listener.condemned("PostStartHook failed: " + outcome.message()));
        return;
      }
    }
    JsonNode startup = container.path("startupProbe");
    if (startup.isObject() && !untilFirst(startup, "Startup")) {
      return;
    }
    tell(listener::started);
    JsonNode liveness = container.path("livenessProbe");
    if (liveness.isObject()) {
      Thread.ofVirtual().name("liveness").start(() -> quietly(() -> liveness(liveness)));
    }
    JsonNode readiness = container.path("readinessProbe");
    if (readiness.isObject()) {
      readiness(readiness);
    } else {
      tell(() -> listener.ready(true));
    }
  }

  /** Probes until the first success; false where the container is condemned before. */
  private boolean untilFirst(JsonNode probe, String name) throws InterruptedException {
    long period = period(probe);
    if (sleep(TimeUnit.SECONDS.toMillis(probe.path("initialDelaySeconds").asLong(0)))) {
      return false;
    }
    boolean fatal = !name.equals("Readiness");
    int threshold = probe.path("failureThreshold").asInt(3);
    int failures = 0;
    long pause = FIRST_PAUSE_MS;
    long counted = System.nanoTime();
    while (true) {
      Outcome outcome = target.attempt(probe, timeout(probe));
      if (closed.getCount() == 0) {
        return false;
      }
      if (outcome.ok()) {
        return true;
      }
      if (System.nanoTime() - counted >= TimeUnit.MILLISECONDS.toNanos(period)) {
        counted = System.nanoTime();
        failures++;
        listener.unhealthy(name, outcome.message());
        if (fatal && failures >= threshold) {
          tell(
              () ->
                  listener.condemned(
                      "failed " + name.toLowerCase(java.util.Locale.ROOT) + " probe"));
          return false;
        }
      }
      if (sleep(Math.min(pause, period))) {
        return false;
      }
      pause = Math.min(pause * 2, Math.min(period, 500));
    }
  }

  private void readiness(JsonNode probe) throws InterruptedException {
    if (!untilFirst(probe, "Readiness")) {
      return;
    }
    tell(() -> listener.ready(true));
    boolean ready = true;
    int inRow = 0;
    while (!sleep(period(probe))) {
      Outcome outcome = target.attempt(probe, timeout(probe));
      if (closed.getCount() == 0) {
        return;
      }
      if (!outcome.ok()) {
        listener.unhealthy("Readiness", outcome.message());
      }
      inRow = outcome.ok() == ready ? 0 : inRow + 1;
      int threshold =
          ready ? probe.path("failureThreshold").asInt(3) : probe.path("successThreshold").asInt(1);
      if (inRow >= threshold) {
        boolean next = !ready;
        ready = next;
        inRow = 0;
        tell(() -> listener.ready(next));
      }
    }
  }

  private void liveness(JsonNode probe) throws InterruptedException {
    if (sleep(TimeUnit.SECONDS.toMillis(probe.path("initialDelaySeconds").asLong(0)))) {
      return;
    }
    int failures = 0;
    while (!sleep(period(probe))) {
      Outcome outcome = target.attempt(probe, timeout(probe));
      if (closed.getCount() == 0) {
        return;
      }
      failures = outcome.ok() ? 0 : failures + 1;
      if (!outcome.ok()) {
        listener.unhealthy("Liveness", outcome.message());
      }
      if (failures >= probe.path("failureThreshold").asInt(3)) {
        tell(() -> listener.condemned("failed liveness probe"));
        return;
      }
    }
  }

  private static long period(JsonNode probe) {
    return TimeUnit.SECONDS.toMillis(Math.max(1, probe.path("periodSeconds").asLong(10)));
  }

  private static int timeout(JsonNode probe) {
    return Math.max(1, probe.path("timeoutSeconds").asInt(1));
  }

  private void tell(Runnable what) {
    if (closed.getCount() > 0) {
      what.run();
    }
  }

  /** True where the prober was closed meanwhile. */
  private boolean sleep(long millis) throws InterruptedException {
    return closed.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
