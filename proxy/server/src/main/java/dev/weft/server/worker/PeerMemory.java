package dev.weft.server.worker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that peers make one loop hold, and the bound of them. Past it, the peers are shed whose
 * bytes have not moved for the longest time; peers that read what they are sent are never among
 * them. After Envoy's overload manager ({@code reset_high_memory_stream}), but decided with each
 * byte that is kept, because the memory of a sidecar can be full between two looks. Confined to its
 * loop.
 */
public final class PeerMemory {
  private final long most;
  private final Executor afterwards;
  // Who moved something last is last.
  private final SequencedSet<Share> shares = new LinkedHashSet<>();
  // Written by the loop alone, read by whoever asks.
  private final AtomicLong total = new AtomicLong();
  private boolean relieving;

  /** Whoever holds bytes for a peer. */
  public interface Holder {
    /** How many bytes that are now. */
    long held();

    /** Gives all of them up, and the peer with them. */
    void shed();
  }

  /** What one holder holds. */
  public final class Share {
    private final Holder holder;
    private long bytes;
    private boolean over;

    private Share(Holder holder) {
      this.holder = holder;
    }

    /** To be called after the holder began to hold more or less. */
    public void changed() {
      if (over) {
        return;
      }
      measure();
      if (total.getPlain() > most) {
        relieve(this);
      }
    }

    /** What it held has moved, though it may hold as much again. */
    public void moved() {
      if (shares.remove(this)) {
        shares.add(this);
      }
    }

    /** The holder has nothing any more, and never will. */
    public void end() {
      over = true;
      add(-bytes);
      bytes = 0;
      shares.remove(this);
    }

    /** Whether nothing has moved since the last time. */
    private boolean measure() {
      long now = holder.held();
      long before = bytes;
      add(now - before);
      bytes = now;
      if (now < before) {
        shares.remove(this);
      }
      if (now > 0) {
        shares.add(this);
      }
      return now >= before;
    }
  }

  /**
   * @param most bytes
   * @param afterwards runs on the loop what must not happen in the middle of something
   */
  public PeerMemory(long most, Executor afterwards) {
    this.most = most;
    this.afterwards = afterwards;
  }

  /** The share of a new holder, which holds nothing yet. */
  public Share share(Holder holder) {
    return new Share(holder);
  }

  /** What was written to a channel and has not left it. */
  public static long unsent(@Nullable Channel channel) {
    ChannelOutboundBuffer buffer = channel == null ? null : channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private void add(long difference) {
    total.setRelease(total.getPlain() + difference);
  }

  /**
   * How many bytes are held, at most: what was taken since is noticed when it matters. Safe for all
   * threads.
   */
  public long total() {
    return total.getAcquire();
  }

  /** Sheds the one that nothing has moved from for the longest time; false where all move. */
  public boolean shedSlowest() {
    int left = shares.size();
    while (left-- > 0) {
      Share slowest = shares.getFirst();
      if (slowest.measure()) {
        slowest.end();
        slowest.holder.shed();
        return true;
      }
    }
    return false;
  }

  private void relieve(Share current) {
    if (relieving) {
      return;
    }
    relieving = true;
    try {
      int left = shares.size();
      while (total.getPlain() > most && left-- > 0) {
        Share slowest = shares.getFirst();
        if (slowest.measure()) {
          slowest.end();
          if (slowest == current) {
            afterwards.execute(slowest.holder::shed);
          } else {
            slowest.holder.shed();
          }
        }
      }
    } finally {
      relieving = false;
    }
  }
}
