package dev.weft.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time passes when a test says so. */
final class ManualAlarm implements Alarm {
  private final List<Due> waiting = new ArrayList<>();
  private long now;

  private record Due(long at, Runnable task) {}

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized Runnable after(Duration time, Runnable task) {
    Due due = new Due(now + time.toNanos(), task);
    waiting.add(due);
    return () -> forget(due);
  }

  private synchronized void forget(Due due) {
    waiting.remove(due);
  }

  /** Lets time pass, and does what is due by then. */
  void pass(Duration time) {
    List<Due> over;
    synchronized (this) {
      now += time.toNanos();
      over = waiting.stream().filter(due -> due.at() <= now).toList();
      waiting.removeAll(over);
    }
    over.forEach(due -> due.task().run());
  }
}
