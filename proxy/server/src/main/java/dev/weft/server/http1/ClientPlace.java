package dev.weft.server.http1;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.server.http.Exchange;
import dev.weft.server.http.Failures;
import dev.weft.server.worker.Drainable;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.Waiting;
import dev.weft.server.worker.Worker;

/**
 * What a client's connection takes of its loop, and how it is ended from outside: a place, and
 * memory for what the client sent or does not take. Confined to its connection.
 */
final class ClientPlace implements Drainable, Waiting, PeerMemory.Holder {
  private static final int LONGER_FOR_ANSWERS = 4;

  private final Http1Downstream downstream;
  private final DownstreamConnection connection;
  private final Exchange exchange;
  private final Worker worker;
  private final PeerMemory.Share share;
  private int lastTick;

  ClientPlace(
      Http1Downstream downstream,
      DownstreamConnection connection,
      Exchange exchange,
      Worker worker) {
    this.downstream = downstream;
    this.connection = connection;
    this.exchange = exchange;
    this.worker = worker;
    this.share = worker.pending().share(this);
    this.lastTick = worker.tick();
  }

  /** The connection is open. */
  void enter() {
    worker.connections().add(this);
    connection.servedBy(this::shed);
    waits();
  }

  /** The client is to speak. */
  void waits() {
    worker.waits(this);
  }

  /** A request is complete, as far as its head. */
  void waitsNoMore() {
    worker.waitsNoMore(this);
  }

  /** Something was received from either side. */
  void touch() {
    lastTick = worker.tick();
  }

  /** An answer may take its time to begin. */
  @Override
  public int quietSince() {
    boolean asked = downstream.requestComplete() && !exchange.answering();
    return asked ? lastTick + LONGER_FOR_ANSWERS : lastTick;
  }

  /** More or less is held for the client than before. */
  void changed() {
    share.changed();
  }

  /** The connection is over; false where it was before. */
  boolean leave() {
    worker.waitsNoMore(this);
    share.end();
    return worker.connections().remove(this);
  }

  @Override
  public long held() {
    return PeerMemory.unsent(downstream.context().channel())
        + downstream.unread()
        + exchange.held();
  }

  @Override
  public void shed() {
    if (downstream.insideHead()) {
      exchange.refuse(Failures.OVERLOADED);
    } else if (!downstream.closed()) {
      exchange.shed();
    }
  }

  @Override
  public DownstreamConnection connection() {
    return connection;
  }

  @Override
  public void yieldPlace() {
    if (downstream.betweenRequests()) {
      downstream.context().close();
    } else {
      shed();
    }
  }

  @Override
  public void drain() {
    downstream.drain();
  }

  @Override
  public void closeNow() {
    downstream.context().close();
  }
}
