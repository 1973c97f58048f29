package dev.weft.demand;

import java.util.List;

/** Somebody who waits for answers; called back once, or cancelled. */
public final class Awaiting {
  private final Demands demands;
  private final List<Demand> needs;
  private final Runnable goOn;
  private boolean over;

  Awaiting(Demands demands, List<Demand> needs, Runnable goOn) {
    this.demands = demands;
    this.needs = List.copyOf(needs);
    this.goOn = goOn;
  }

  List<Demand> needs() {
    return needs;
  }

  /** What to call; empty the second time. Guarded by the owner. */
  boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  void goOn() {
    goOn.run();
  }

  /** Nobody waits any more. Without effect where it is over. */
  public void cancel() {
    demands.forget(this);
  }

  /** It has taken too long: calls back, unless that happened. */
  void late() {
    demands.late(this);
  }
}
