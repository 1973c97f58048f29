package dev.weft.server.http;

import dev.weft.codec.RequestHead;
import dev.weft.runtime.Cluster;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Worker;
import org.jspecify.annotations.Nullable;

/** Finds a request a connection to its endpoint, or opens one, in the version that is spoken. */
public interface Upstreams {
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
  @Nullable UpstreamLeg ready(ConnectionPool pool, boolean http2);

  /**
   * Opens a connection, or waits for one that is being opened.
   *
   * @param authority the request's, for transports that derive the SNI from it
   */
  void connect(Worker worker, ConnectionPool pool, boolean http2, String authority, Taker taker);
}
