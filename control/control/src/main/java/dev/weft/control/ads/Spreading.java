package dev.weft.control.ads;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads proxies over the replicas of a control plane: a replica that has more than its share, or
 * no room, sends some of them away, and they are led anywhere when they connect again. Confined to
 * one thread.
 *
 * <p>Where that does not help, because they all come back or the others have no room either, it is
 * tried less and less often.
 */
public final class Spreading {
  private static final Logger LOG = LoggerFactory.getLogger(Spreading.class);

  // Some more than the share do no harm, and every move costs a little.
  private static final int TOLERATED = 5;
  private static final double TOLERATED_PART = 0.1;
  private static final int AT_ONCE = 10;
  private static final double AT_ONCE_PART = 0.2;
  // In calls: what was sent away is seen elsewhere by the second one after.
  private static final int SHORTEST_PAUSE = 1;
  private static final int LONGEST_PAUSE = 120;

  private final BooleanSupplier full;
  private final IntConsumer sendAway;
  private int pause = SHORTEST_PAUSE;
  private int waited = LONGEST_PAUSE;
  private int elsewhereThen = -1;

  /**
   * @param full whether this replica has no room
   * @param sendAway ends the streams of so many proxies
   */
  public Spreading(BooleanSupplier full, IntConsumer sendAway) {
    this.full = full;
    this.sendAway = sendAway;
  }

  /**
   * To be called every few seconds.
   *
   * @param own proxies that are connected to this replica
   * @param elsewhere those connected to the others
   * @param others how many other replicas there are
   */
  public void counted(int own, int elsewhere, int others) {
    int surplus = others == 0 ? 0 : surplus(own, elsewhere, others);
    if (surplus == 0) {
      pause = SHORTEST_PAUSE;
      elsewhereThen = -1;
      return;
    }
    if (waited++ < pause) {
      return;
    }
    boolean helped = elsewhereThen < 0 || elsewhere > elsewhereThen;
    pause = helped ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, 2 * pause + 1);
    waited = 0;
    elsewhereThen = elsewhere;
    // Of those who go, one in so many comes back.
    int going = Math.ceilDiv(surplus * (others + 1), others);
    int count = Math.min(going, Math.max(AT_ONCE, (int) (AT_ONCE_PART * own)));
    LOG.info(
        "{} of {} proxies are sent to other replicas: {} have {}{}",
        count,
        own,
        others,
        elsewhere,
        full.getAsBoolean() ? ", and the heap here is full" : "");
    sendAway.accept(count);
  }

  private int surplus(int own, int elsewhere, int others) {
    int share = Math.ceilDiv(own + elsewhere, others + 1);
    if (full.getAsBoolean()) {
      return Math.max(1, Math.max(own - share, own / AT_ONCE));
    }
    return own - share > TOLERATED + TOLERATED_PART * share ? own - share : 0;
  }
}
