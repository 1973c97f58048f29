package dev.weft.server.http;

import dev.weft.codec.RequestHead;
import dev.weft.exchange.PeerCertificate;
import dev.weft.runtime.Cluster;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Connector;
import dev.weft.server.worker.UpstreamFailure;
import dev.weft.server.worker.Worker;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Finds a request a connection to its endpoint, or opens one. */
final class Upstreams {
  private Upstreams() {}

  /** Whether an endpoint is spoken to in HTTP/2; an upgrade needs HTTP/1.1. */
  static boolean http2(Cluster cluster, RequestHead request, boolean upgrade) {
    return !upgrade
        && switch (cluster.http().protocol()) {
          case HTTP2 -> true;
          case DOWNSTREAM -> request.isHttp2();
          case HTTP1, ALPN -> false;
        };
  }

  /** What is there already, or null. */
  static @Nullable UpstreamLeg ready(ConnectionPool pool, boolean http2) {
    return http2 ? pool.multiplexed(Http2Pool::new).ready() : (UpstreamHttp) pool.take();
  }

  /**
   * Opens a connection, or waits for one that is being opened.
   *
   * @param authority the request's, for transports that derive the SNI from it
   */
  static void connect(
      Worker worker, ConnectionPool pool, boolean http2, String authority, Taker taker) {
    if (http2) {
      pool.multiplexed(Http2Pool::new).connect(worker, authority, taker);
      return;
    }
    ClusterState cluster = pool.endpoint().cluster();
    if (!cluster.beginConnection()) {
      taker.full();
      return;
    }
    UpstreamHttp opening = new UpstreamHttp(worker, pool);
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
