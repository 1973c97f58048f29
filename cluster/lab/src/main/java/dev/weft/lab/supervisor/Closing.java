package dev.weft.lab.supervisor;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, last first, whatever goes wrong on the way. Thread-safe. */
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  synchronized void add(AutoCloseable each) {
    open.push(each);
  }

  @Override
  public void close() {
    while (true) {
      AutoCloseable next;
      synchronized (this) {
        if (open.isEmpty()) {
          return;
        }
        next = open.pop();
      }
      try {
        next.close();
      } catch (Exception e) {
        LOG.warn("closing {}: {}", next.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
