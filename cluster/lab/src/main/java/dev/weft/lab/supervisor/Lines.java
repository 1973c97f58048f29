package dev.weft.lab.supervisor;

import java.util.ArrayList;
import java.util.List;

/** Progress lines that others wait for. Thread-safe. */
final class Lines implements Progress {
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  @Override
  public synchronized void line(String text) {
    lines.add(text);
    notifyAll();
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** More will come. */
  synchronized void begin() {
    ended = false;
  }

  synchronized int count() {
    return lines.size();
  }

  synchronized boolean ended() {
    return ended;
  }

  /** What came after the first {@code from} lines; waits a while for something. */
  synchronized List<String> after(int from, long millis) throws InterruptedException {
    if (lines.size() <= from && !ended) {
      wait(millis);
    }
    return from >= lines.size() ? List.of() : List.copyOf(lines.subList(from, lines.size()));
  }
}
