package dev.weft.server.http1;

import dev.weft.exchange.PeerCertificate;
import dev.weft.server.http.Taker;
import dev.weft.server.http.UpstreamLeg;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Connector;
import dev.weft.server.worker.UpstreamFailure;
import dev.weft.server.worker.Worker;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** HTTP/1 connections to one endpoint over one transport: one for each request under way. */
public final class Http1Pool {
  private Http1Pool() {}

  /** An idle connection, or null. */
  public static @Nullable UpstreamLeg ready(ConnectionPool pool) {
    return (Http1Upstream) pool.take();
  }

  /**
   * Opens a connection.
   *
   * @param authority the request's, for transports that derive the SNI from it
   */
  public static void connect(Worker worker, ConnectionPool pool, String authority, Taker taker) {
    ClusterState cluster = pool.endpoint().cluster();
    if (!cluster.beginConnection()) {
      taker.full();
      return;
    }
    Http1Upstream opening = new Http1Upstream(worker, pool);
    worker
        .connector()
        .connect(
            pool.endpoint(),
            pool.transport(),
            authority,
            opening,
            false,
            new Connector.Outcome() {
              @Override
              public void connected(Channel channel, @Nullable PeerCertificate peer) {
                cluster.connected(true);
                if (!opening.opened(channel, peer)) {
                  if (!taker.gone()) {
                    taker.failed(UpstreamFailure.CLOSED);
                  }
                } else if (taker.gone()) {
                  // The client left meanwhile; the connection is as good for the next one.
                  opening.park();
                } else {
                  taker.taken(opening);
                }
              }

              @Override
              public void failed(UpstreamFailure failure) {
                cluster.connected(false);
                if (!taker.gone()) {
                  taker.failed(failure);
                }
              }
            });
  }
}
