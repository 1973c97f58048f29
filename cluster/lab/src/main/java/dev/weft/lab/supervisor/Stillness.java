package dev.weft.lab.supervisor;

import java.time.Duration;
import java.util.List;

/**
 * For how long nothing has moved. A thing has moved where one of the facts about it is another than
 * before, or where the processes that start have worked: on a busy machine they may do so for long
 * before anything else can be seen. Thread-safe.
 */
final class Stillness {
  /**
   * Of processor time. More than a process uses that waits in vain for two minutes, and less than
   * one gets that shares its processor with twenty others.
   */
  static final Duration WORK = Duration.ofSeconds(2);

  /** What happened while nobody looked for so long is not known. */
  static final Duration BLINK = Duration.ofSeconds(30);

  private List<String> facts = List.of();
  private Duration worked = Duration.ZERO;
  private long movedNanos;
  private long lookedNanos;

  Stillness(long nowNanos) {
    this.movedNanos = nowNanos;
    this.lookedNanos = nowNanos;
  }

  /**
   * @param now what is seen
   * @param work processor time of all that starts; less than before where some have ended
   */
  synchronized Duration after(List<String> now, Duration work, long nowNanos) {
    boolean moved =
        !now.equals(facts)
            || work.minus(worked).compareTo(WORK) >= 0
            || nowNanos - lookedNanos > BLINK.toNanos();
    lookedNanos = nowNanos;
    if (moved || work.compareTo(worked) < 0) {
      worked = work;
    }
    if (moved) {
      facts = List.copyOf(now);
      movedNanos = nowNanos;
    }
    return Duration.ofNanos(nowNanos - movedNanos);
  }
}
