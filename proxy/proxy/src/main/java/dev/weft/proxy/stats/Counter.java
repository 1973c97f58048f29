package dev.weft.proxy.stats;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread adds to and any thread reads. */
final class Counter {
  private final AtomicLong value = new AtomicLong();

  /** By the one writer only: a plain addition, no locked instruction. */
  void add(long amount) {
    value.setRelease(value.getPlain() + amount);
  }

  long value() {
    return value.getAcquire();
  }
}
