package dev.weft.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** That of this machine. */
final class SystemClock implements Clock {
  private static final InstantSource NOW = InstantSource.system();

  @Override
  public Instant instant() {
    return NOW.instant();
  }

  @Override
  public long millis() {
    return NOW.millis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration max) throws InterruptedException {
    return queue.poll(nanos(max), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean await(CountDownLatch latch, Duration max) throws InterruptedException {
    return latch.await(nanos(max), TimeUnit.NANOSECONDS);
  }

  @Override
  public Runnable after(Duration time, Runnable task) {
    CountDownLatch off = new CountDownLatch(1);
    Thread.ofVirtual()
        .name("alarm")
        .start(
            () -> {
              try {
                if (!await(off, time)) {
                  task.run();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return off::countDown;
  }

  /** As long as it can be told, where it is longer. */
  private static long nanos(Duration time) {
    return TimeUnit.NANOSECONDS.convert(time);
  }
}
