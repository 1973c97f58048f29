package dev.weft.bench.scale;

import java.util.concurrent.atomic.AtomicLong;

/** What all proxies together were sent. Thread-safe. */
final class Counts {
  private final AtomicLong responses = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile long lastNanos = System.nanoTime();
  private volatile Deliveries deliveries = new Deliveries();

  /** A response of so many bytes was confirmed. */
  void confirmed(int size) {
    bytes.addAndGet(size);
    responses.incrementAndGet();
    lastNanos = System.nanoTime();
  }

  /** A stream could not be opened, or was lost. */
  void streamLost() {
    lost.incrementAndGet();
  }

  long responses() {
    return responses.get();
  }

  /** Of the messages as they are on the wire, without frames. */
  long bytes() {
    return bytes.get();
  }

  /** Streams that could not be opened, or were lost. */
  long lostStreams() {
    return lost.get();
  }

  /** When the last response was confirmed, by {@link System#nanoTime}. */
  long lastNanos() {
    return lastNanos;
  }

  Deliveries deliveries() {
    return deliveries;
  }

  /** From now on, other changes are waited for. */
  Deliveries newDeliveries() {
    Deliveries fresh = new Deliveries();
    deliveries = fresh;
    return fresh;
  }
}
