package dev.weft.discovery;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time, as far as it limits what is waited for. */
interface Alarm {
  /** A moment, in nanoseconds since an unknown one. */
  long nanos();

  /**
   * Has something done on another thread when a time has passed.
   *
   * @return takes it back, where it has not begun
   */
  Runnable after(Duration time, Runnable task);

  /** By the clock of this machine. */
  static Alarm system() {
    return new Alarm() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Runnable after(Duration time, Runnable task) {
        CountDownLatch off = new CountDownLatch(1);
        Thread.ofVirtual()
            .name("alarm")
            .start(
                () -> {
                  try {
                    if (!off.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                      task.run();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        return off::countDown;
      }
    };
  }
}
