package dev.weft.server.worker;

import dev.weft.exchange.CoderPlaces;
import java.util.concurrent.atomic.AtomicInteger;

/** The coders that are at work in the process. Safe for all threads. */
public final class Coders implements CoderPlaces {
  private final int most;
  private final AtomicInteger taken = new AtomicInteger();

  Coders(int most) {
    this.most = most;
  }

  @Override
  public boolean take() {
    if (taken.incrementAndGet() <= most) {
      return true;
    }
    leave();
    return false;
  }

  @Override
  public void leave() {
    taken.decrementAndGet();
  }

  /** How many of them there are now. */
  public int taken() {
    return taken.get();
  }
}
