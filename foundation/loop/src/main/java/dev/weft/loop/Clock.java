package dev.weft.loop;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What time it is, and waiting for it to pass. It comes in from outside, so that a test says when a
 * second is over.
 */
public interface Clock extends InstantSource {
  /** A moment, in nanoseconds since an unknown one; it never goes back. */
  long nanos();

  /**
   * Waits for an element.
   *
   * @return null where there is none within the time
   */
  <T> @Nullable T poll(BlockingQueue<T> queue, Duration max) throws InterruptedException;

  /** Whether a latch opens within a time; waits until it does. */
  boolean await(CountDownLatch latch, Duration max) throws InterruptedException;

  /** Waits until a time has passed. */
  default void sleep(Duration time) throws InterruptedException {
    boolean unused = await(new CountDownLatch(1), time);
  }

  /**
   * Has something done on another thread when a time has passed.
   *
   * @return takes it back, where it has not begun
   */
  Runnable after(Duration time, Runnable task);

  /** That of this machine. */
  static Clock system() {
    return new SystemClock();
  }
}
