package dev.weft.server;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.runtime.HttpPipeline;
import dev.weft.server.http.HttpPlan;
import dev.weft.server.http.Taker;
import dev.weft.server.http.UpstreamLeg;
import dev.weft.server.http.Upstreams;
import dev.weft.server.http1.Http1Downstream;
import dev.weft.server.http1.Http1Pool;
import dev.weft.server.http2.Http2Downstream;
import dev.weft.server.http2.Http2Pool;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Worker;
import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/** The two versions of HTTP: which one a client is served in, and which one an endpoint gets. */
final class HttpLegs implements Upstreams {
  private static final HttpLegs UPSTREAMS = new HttpLegs();

  private HttpLegs() {}

  /**
   * The handler of a connection whose chain is an HTTP pipeline.
   *
   * @param http2 whether the client is known to speak HTTP/2
   */
  static ChannelHandler downstream(
      Worker worker, DownstreamConnection connection, HttpPipeline pipeline, boolean http2) {
    HttpPlan plan = HttpPlan.of(worker, connection, pipeline, UPSTREAMS);
    boolean is2 =
        switch (pipeline.codec()) {
          case HTTP1 -> false;
          case HTTP2 -> true;
          case AUTO -> http2;
        };
    return is2
        ? Http2Downstream.of(worker, connection, plan)
        : Http1Downstream.of(worker, connection, plan, Http2Downstream::of);
  }

  @Override
  public @Nullable UpstreamLeg ready(ConnectionPool pool, boolean http2) {
    return http2 ? Http2Pool.of(pool).ready() : Http1Pool.ready(pool);
  }

  @Override
  public void connect(
      Worker worker, ConnectionPool pool, boolean http2, String authority, Taker taker) {
    if (http2) {
      Http2Pool.of(pool).connect(worker, authority, taker);
    } else {
      Http1Pool.connect(worker, pool, authority, taker);
    }
  }
}
