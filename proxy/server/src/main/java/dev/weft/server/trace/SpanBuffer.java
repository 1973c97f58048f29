package dev.weft.server.trace;

import dev.weft.exchange.trace.Span;
import dev.weft.runtime.Tracing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finished spans that wait for their collectors, each of which has one batch under way at most.
 * What is too much is dropped: no request waits for a collector. Confined to its event loop, but
 * for the counts.
 */
public final class SpanBuffer {
  /** How many spans wait. */
  static final int MOST_SPANS = 2048;

  /** How many bytes they have, about. */
  static final long MOST_BYTES = 2 << 20;

  /** How many spans are sent together. */
  static final int BATCH_SPANS = 512;

  /** How many bytes are, about; a span that has more goes alone. */
  static final long BATCH_BYTES = 1 << 20;

  /** What has to be done, so that spans go on. */
  public enum Next {
    /** Nothing: somebody comes for them, or there are none. */
    NOTHING,
    /** They are sent after a while. */
    LATER,
    /** They are sent. */
    NOW
  }

  private static final class Queue {
    private final ArrayDeque<Span> spans = new ArrayDeque<>();
    private final Runnable send;
    private boolean underWay;
    private boolean awaited;

    Queue(Runnable send) {
      this.send = send;
    }
  }

  private final Map<Tracing.Collector, Queue> queues = new HashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private @Nullable Runnable ended;
  private int waiting;
  private long bytes;

  /**
   * Takes a span.
   *
   * @param send takes a batch and sends it
   */
  public Next add(Tracing.Collector to, Span span, Runnable send) {
    if (waiting >= MOST_SPANS || bytes + span.bytes() > MOST_BYTES) {
      dropped.lazySet(dropped.get() + 1);
      return Next.NOTHING;
    }
    Queue queue = queues.computeIfAbsent(to, k -> new Queue(send));
    queue.spans.add(span);
    waiting++;
    bytes += span.bytes();
    return next(queue, true);
  }

  /** From now on spans do not wait; who is away is not asked again. */
  public void end(Runnable done) {
    ended = done;
    for (Queue queue : List.copyOf(queues.values())) {
      if (!queue.underWay) {
        queue.send.run();
      }
    }
    over();
  }

  private void over() {
    Runnable done = ended;
    if (done != null && queues.isEmpty()) {
      done.run();
    }
  }

  private Next next(Queue queue, boolean soon) {
    if (queue.underWay || queue.spans.isEmpty()) {
      return Next.NOTHING;
    }
    if (soon && (ended != null || queue.spans.size() >= BATCH_SPANS)) {
      return Next.NOW;
    }
    if (queue.awaited) {
      return Next.NOTHING;
    }
    queue.awaited = true;
    return Next.LATER;
  }

  /** The next batch, which is under way now; empty where there is none, or another one is. */
  public List<Span> take(Tracing.Collector to) {
    Queue queue = queues.get(to);
    if (queue == null || queue.underWay) {
      return List.of();
    }
    queue.awaited = false;
    List<Span> batch = new ArrayList<>();
    long size = 0;
    while (batch.size() < BATCH_SPANS && !queue.spans.isEmpty()) {
      int more = queue.spans.getFirst().bytes();
      if (size > 0 && size + more > BATCH_BYTES) {
        break;
      }
      batch.add(queue.spans.removeFirst());
      size += more;
    }
    waiting -= batch.size();
    bytes -= size;
    queue.underWay = !batch.isEmpty();
    return batch;
  }

  /**
   * A batch is under way no more.
   *
   * @param taken whether its collector has it; it is not sent again
   */
  public Next done(Tracing.Collector to, int spans, boolean taken) {
    AtomicLong count = taken ? sent : dropped;
    count.lazySet(count.get() + spans);
    Queue queue = queues.get(to);
    if (queue == null) {
      return Next.NOTHING;
    }
    queue.underWay = false;
    if (ended != null && !taken) {
      drop(queue);
    }
    if (queue.spans.isEmpty()) {
      queues.remove(to);
      over();
    }
    // Who is away is not asked again at once.
    return next(queue, taken);
  }

  private void drop(Queue queue) {
    dropped.lazySet(dropped.get() + queue.spans.size());
    waiting -= queue.spans.size();
    queue.spans.forEach(span -> bytes -= span.bytes());
    queue.spans.clear();
  }

  /** How many spans collectors have taken; safe for all threads. */
  public long sent() {
    return sent.get();
  }

  /** How many were too much, or were not taken; safe for all threads. */
  public long dropped() {
    return dropped.get();
  }
}
