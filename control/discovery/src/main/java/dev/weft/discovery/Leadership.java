package dev.weft.discovery;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only one replica of a control plane does: it begins when this one is told to lead, and ends
 * when it is told to follow, as often as that happens.
 *
 * <p>Thread-safe.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  // Guarded by this.
  private final List<Work> works = new ArrayList<>();
  private final List<AutoCloseable> running = new ArrayList<>();
  private volatile boolean leading;

  /** Something that writes. */
  @FunctionalInterface
  public interface Work {
    /** Begins; closing the result ends it, and nothing is written after that. */
    AutoCloseable begin();
  }

  /** Does the work whenever this replica leads. */
  public synchronized void whileLeading(Work work) {
    works.add(work);
    if (leading) {
      running.add(work.begin());
    }
  }

  public boolean leading() {
    return leading;
  }

  /** This replica writes from now on. */
  public synchronized void lead() {
    if (!leading) {
      leading = true;
      works.forEach(work -> running.add(work.begin()));
    }
  }

  /** Another one may write from now on. */
  public synchronized void follow() {
    leading = false;
    for (AutoCloseable part : running.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        log.warn("while ending what only the leader does: {}", e.getMessage());
      }
    }
    running.clear();
  }

  @Override
  public void close() {
    follow();
  }
}
