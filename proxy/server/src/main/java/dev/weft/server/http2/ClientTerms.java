package dev.weft.server.http2;

import dev.weft.runtime.HttpPipeline;
import dev.weft.server.http.HttpPlan;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * What a client is told that it may do, when its connection begins.
 *
 * @param connectionWindow bytes of all its streams that it may send before they were passed on
 * @param webSockets whether it may open WebSockets (RFC 8441, 3)
 */
record ClientTerms(Http2Settings settings, int connectionWindow, boolean webSockets) {
  private static final char ENABLE_CONNECT_PROTOCOL = 8;
  private static final int MAX_STREAMS = 1024;

  static ClientTerms of(HttpPlan plan) {
    HttpPipeline.Http2 given = plan.pipeline().http2();
    boolean webSockets = plan.pipeline().upgrades().contains("websocket");
    Http2Settings settings =
        new Http2Settings()
            .maxConcurrentStreams(or(given.maxConcurrentStreams(), MAX_STREAMS))
            .initialWindowSize(or(given.initialStreamWindow(), Http2Codec.STREAM_WINDOW))
            .maxHeaderListSize(plan.limits().maxHeadBytes());
    if (webSockets) {
      settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
    }
    return new ClientTerms(
        settings, or(given.initialConnectionWindow(), Http2Codec.CONNECTION_WINDOW), webSockets);
  }

  private static int or(int configured, int otherwise) {
    return configured > 0 ? configured : otherwise;
  }
}
