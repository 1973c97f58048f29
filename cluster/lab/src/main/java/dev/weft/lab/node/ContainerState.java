package dev.weft.lab.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where one container of a pod stands. Immutable; each transition gives the next state.
 *
 * @param restarts how often it was started after the first time
 * @param last how its former run ended
 * @param notBefore earliest next start while waiting
 * @param failures ends in a row without a long run between them
 * @param started runs and its startup probe and postStart hook have succeeded
 * @param ready started and its readiness probe, where it has one, succeeds
 */
record ContainerState(
    Phase phase,
    int restarts,
    Optional<Phase.Ended> last,
    Instant notBefore,
    int failures,
    boolean started,
    boolean ready) {

  /** A run of this length forgives the failures before it. */
  static final Duration LONG_RUN = Duration.ofMinutes(10);

  /** Kubernetes begins at 10 s; a lab is for people who wait in front of it. */
  static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  static final Duration LAST_DELAY = Duration.ofMinutes(5);

  /** What a container does. */
  sealed interface Phase {
    /** Not started, or not again. */
    record Waiting(String reason, String message) implements Phase {}

    record Running(String id, Instant since) implements Phase {}

    /** Over for good, or until the next start. */
    record Ended(String id, int code, String reason, Instant since, Instant until)
        implements Phase {}
  }

  static ContainerState initial() {
    return new ContainerState(
        new Phase.Waiting("ContainerCreating", ""),
        0,
        Optional.empty(),
        Instant.EPOCH,
        0,
        false,
        false);
  }

  /** A container of a pod whose machine went down while it ran. */
  static ContainerState afterReboot(int restarts, Phase.Ended last) {
    return new ContainerState(
        new Phase.Waiting("ContainerCreating", ""),
        restarts,
        Optional.of(last),
        Instant.EPOCH,
        0,
        false,
        false);
  }

  boolean isRunning() {
    return phase instanceof Phase.Running;
  }

  boolean isEnded() {
    return phase instanceof Phase.Ended;
  }

  /** Ended for good with exit code 0. */
  boolean succeeded() {
    return phase instanceof Phase.Ended ended && ended.code() == 0;
  }

  ContainerState running(String id, Instant now) {
    return new ContainerState(
        new Phase.Running(id, now), restarts, last, Instant.EPOCH, failures, false, false);
  }

  ContainerState waiting(String reason, String message) {
    return new ContainerState(
        new Phase.Waiting(reason, message), restarts, last, notBefore, failures, false, false);
  }

  /** Could not be started; tried again after a delay. */
  ContainerState failedToStart(String reason, String message, Instant now) {
    return new ContainerState(
        new Phase.Waiting(reason, message),
        restarts,
        last,
        now.plus(delay(failures + 1)),
        failures + 1,
        false,
        false);
  }

  ContainerState withStarted(boolean value) {
    return new ContainerState(phase, restarts, last, notBefore, failures, value, ready && value);
  }

  ContainerState withReady(boolean value) {
    return new ContainerState(phase, restarts, last, notBefore, failures, started, value);
  }

  /**
   * The process is gone.
   *
   * @param reason in a word
   * @param again whether the restart policy wants another run
   */
  ContainerState exited(int code, String reason, Instant now, boolean again) {
    if (!(phase instanceof Phase.Running running)) {
      return this;
    }
    Phase.Ended ended = new Phase.Ended(running.id(), code, reason, running.since(), now);
    if (!again) {
      return new ContainerState(ended, restarts, last, Instant.EPOCH, failures, false, false);
    }
    boolean longRun = Duration.between(running.since(), now).compareTo(LONG_RUN) >= 0;
    int count = longRun ? 0 : failures;
    Duration delay = delay(count);
    Phase next =
        delay.isZero()
            ? ended
            : new Phase.Waiting(
                "CrashLoopBackOff",
                "back-off %s restarting failed container".formatted(text(delay)));
    return new ContainerState(
        next, restarts + 1, Optional.of(ended), now.plus(delay), count + 1, false, false);
  }

  /** The first restart is immediate, then delays double. */
  static Duration delay(int failures) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, 20));
    return delay.compareTo(LAST_DELAY) > 0 ? LAST_DELAY : delay;
  }

  static String text(Duration delay) {
    return delay.toMinutes() > 0 && delay.toSecondsPart() == 0
        ? delay.toMinutes() + "m0s"
        : delay.toMinutes() > 0
            ? delay.toMinutes() + "m" + delay.toSecondsPart() + "s"
            : delay.toSeconds() + "s";
  }
}
