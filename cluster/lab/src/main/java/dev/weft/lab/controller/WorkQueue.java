package dev.weft.lab.controller;

import dev.weft.apiserver.ApiException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys to be worked on, each at most once at a time; a key that fails is tried again after a delay
 * that doubles from 20 ms to 10 s. Thread-safe.
 */
final class WorkQueue<K> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
  private static final long FIRST_DELAY_MS = 20;
  private static final long LAST_DELAY_MS = 10_000;

  /** Work on one key. */
  @FunctionalInterface
  interface Work<K> {
    void on(K key);
  }

  private final String name;
  private final Work<K> work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<K, Long> due = new LinkedHashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private boolean closed;
  private @Nullable Thread thread;

  WorkQueue(String name, Work<K> work) {
    this.name = name;
    this.work = work;
  }

  void start() {
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  void add(K key) {
    schedule(key, System.nanoTime());
  }

  void addAfter(K key, Duration delay) {
    schedule(key, System.nanoTime() + delay.toNanos());
  }

  /** How long a key waits after it failed {@code times} in a row. */
  static Duration delay(int times) {
    long factor = 1L << Math.min(times - 1, 20);
    return Duration.ofMillis(Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * factor));
  }

  private void schedule(K key, long at) {
    lock.lock();
    try {
      due.merge(key, at, (a, b) -> a - b <= 0 ? a : b);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      @Nullable K key;
      try {
        key = next();
      } catch (InterruptedException e) {
        return;
      }
      if (key == null) {
        return;
      }
      attempt(key);
    }
  }

  private @Nullable K next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        @Nullable K first = null;
        long wait = Long.MAX_VALUE;
        for (Map.Entry<K, Long> each : due.entrySet()) {
          long left = each.getValue() - now;
          if (left < wait) {
            wait = left;
            first = each.getKey();
          }
        }
        if (first == null) {
          changed.await();
        } else if (wait <= 0) {
          due.remove(first);
          return first;
        } else {
          changed.await(wait, TimeUnit.NANOSECONDS);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void attempt(K key) {
    try {
      work.on(key);
      failures.remove(key);
    } catch (RuntimeException e) {
      int times = failures.merge(key, 1, Integer::sum);
      addAfter(key, delay(times));
      // two writers at once are the normal case, not news
      if (!(e instanceof ApiException api && (api.code() == 409 || api.code() == 404))) {
        LOG.warn("{}: {}: {}", name, key, e.toString());
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (thread != null) {
      thread.interrupt();
    }
  }
}
