package dev.weft.server.http2;

import dev.weft.exchange.PeerCertificate;
import dev.weft.server.http.Taker;
import dev.weft.server.http.UpstreamLeg;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Connector;
import dev.weft.server.worker.UpstreamFailure;
import dev.weft.server.worker.Worker;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 connections to one endpoint over one transport. A request takes the first one with room;
 * where all are full another one is opened, for as many requests as are likely to fit. One loop's.
 */
public final class Http2Pool implements ConnectionPool.Multiplexed {
  /**
   * What the peer takes at once is known only when it has said so (RFC 9113, 5.1.2: at least 100).
   */
  private static final int LIKELY_STREAMS = 100;

  private final ConnectionPool pool;
  private final List<Http2Upstream> open = new ArrayList<>(1);
  private final List<List<Taker>> opening = new ArrayList<>(1);

  private Http2Pool(ConnectionPool pool) {
    this.pool = pool;
  }

  /** Those of a pool. */
  public static Http2Pool of(ConnectionPool pool) {
    return pool.multiplexed(Http2Pool::new);
  }

  /** A stream of a connection with room, or null. */
  public @Nullable UpstreamLeg ready() {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).hasRoom()) {
        return open.get(i).take();
      }
    }
    return null;
  }

  /** Waits for a connection that is being opened, or opens one. */
  public void connect(Worker worker, String authority, Taker taker) {
    int streams = pool.endpoint().cluster().cluster().http().maxConcurrentStreams();
    int likely = streams > 0 ? Math.min(streams, LIKELY_STREAMS) : LIKELY_STREAMS;
    for (List<Taker> waiting : opening) {
      if (waiting.size() < likely) {
        waiting.add(taker);
        return;
      }
    }
    ClusterState cluster = pool.endpoint().cluster();
    if (!cluster.beginConnection()) {
      taker.full();
      return;
    }
    List<Taker> waiting = new ArrayList<>();
    waiting.add(taker);
    opening.add(waiting);
    Http2Upstream connection = Http2Upstream.of(worker, this, pool);
    worker
        .connector()
        .connect(
            pool.endpoint(),
            pool.transport(),
            authority,
            connection,
            false,
            new Connector.Outcome() {
              @Override
              public void connected(Channel channel, @Nullable PeerCertificate peer) {
                cluster.connected(true);
                opening.remove(waiting);
                if (connection.opened(channel, peer)) {
                  open.add(connection);
                  serve(worker, authority, waiting);
                } else {
                  fail(waiting, UpstreamFailure.CLOSED);
                }
              }

              @Override
              public void failed(UpstreamFailure failure) {
                cluster.connected(false);
                opening.remove(waiting);
                fail(waiting, failure);
              }
            });
  }

  private void serve(Worker worker, String authority, List<Taker> waiting) {
    for (Taker taker : waiting) {
      if (!taker.gone()) {
        UpstreamLeg leg = ready();
        if (leg != null) {
          taker.taken(leg);
        } else {
          connect(worker, authority, taker);
        }
      }
    }
  }

  private static void fail(List<Taker> waiting, UpstreamFailure failure) {
    for (Taker taker : waiting) {
      if (!taker.gone()) {
        taker.failed(failure);
      }
    }
  }

  /** A connection takes no more requests. */
  void forget(Http2Upstream connection) {
    open.remove(connection);
  }

  @Override
  public int idle() {
    int idle = 0;
    for (Http2Upstream connection : open) {
      idle += connection.idle() ? 1 : 0;
    }
    return idle;
  }

  @Override
  public void sweep(long idleBefore) {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).sweep(idleBefore);
    }
  }

  @Override
  public void leave() {
    for (Http2Upstream connection : List.copyOf(open)) {
      connection.leave();
    }
  }
}
