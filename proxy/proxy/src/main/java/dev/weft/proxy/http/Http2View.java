package dev.weft.proxy.http;

import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.routing.RequestView;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** The first request of an HTTP/2 connection as routing sees it. */
record Http2View(Http2Headers headers, DownstreamConnection connection) implements RequestView {
  @Override
  public CharSequence authority() {
    CharSequence authority = headers.authority();
    CharSequence host = authority == null ? headers.get("host") : authority;
    return host == null ? "" : host;
  }

  @Override
  public CharSequence destination() {
    return connection.redirected() ? connection.destinationText() : "";
  }

  @Override
  public CharSequence path() {
    return headers.path() == null ? "/" : headers.path();
  }

  @Override
  public CharSequence method() {
    return headers.method() == null ? "" : headers.method();
  }

  @Override
  public CharSequence scheme() {
    return connection.tls() ? "https" : "http";
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }
}
