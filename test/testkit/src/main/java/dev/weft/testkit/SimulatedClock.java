package dev.weft.testkit;

import dev.weft.loop.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time passes when a test says so, and who waits for it goes on then. It begins at the epoch.
 * Thread-safe.
 */
public final class SimulatedClock implements Clock {
  /** How often those who wait for something else too look whether time has passed. */
  private static final long LOOK_MICROS = 500;

  // The following is guarded by this.
  private final List<Due> timers = new ArrayList<>();
  private long now;

  private record Due(long at, Runnable task) {}

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos());
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration max) throws InterruptedException {
    long end = end(max);
    while (true) {
      boolean over = nanos() - end >= 0;
      T found = over ? queue.poll() : queue.poll(LOOK_MICROS, TimeUnit.MICROSECONDS);
      if (found != null || over) {
        return found;
      }
    }
  }

  @Override
  public boolean await(CountDownLatch latch, Duration max) throws InterruptedException {
    long end = end(max);
    while (!latch.await(LOOK_MICROS, TimeUnit.MICROSECONDS)) {
      if (nanos() - end >= 0) {
        return latch.getCount() == 0;
      }
    }
    return true;
  }

  /** Never where that is farther than can be told. */
  private synchronized long end(Duration max) {
    long nanos = TimeUnit.NANOSECONDS.convert(max);
    return nanos > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : now + nanos;
  }

  @Override
  public synchronized Runnable after(Duration time, Runnable task) {
    Due due = new Due(now + time.toNanos(), task);
    timers.add(due);
    return () -> forget(due);
  }

  private synchronized void forget(Due due) {
    timers.remove(due);
  }

  /** Lets time pass; what is due by then is done, one after the other, before this returns. */
  public void pass(Duration time) {
    long end;
    synchronized (this) {
      end = now + time.toNanos();
    }
    for (Due due = next(end); due != null; due = next(end)) {
      due.task().run();
    }
  }

  /** Goes to what is due next, or to the end. */
  private synchronized @Nullable Due next(long end) {
    Due first = null;
    for (Due due : timers) {
      if (due.at() <= end && (first == null || due.at() < first.at())) {
        first = due;
      }
    }
    now = Math.max(now, first == null ? end : first.at());
    if (first != null) {
      timers.remove(first);
    }
    return first;
  }

  /**
   * Lets time pass in steps until something has happened on another thread.
   *
   * @throws AssertionError where it does not within a minute of real time
   */
  public void passUntil(String what, Duration step, BooleanSupplier happened) {
    Settle.until(
        what,
        () -> {
          if (happened.getAsBoolean()) {
            return true;
          }
          pass(step);
          return false;
        });
  }
}
