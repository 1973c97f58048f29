package dev.weft.exchange;

import dev.weft.access.AccessView;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request as filters see it. Valid while one is asked. */
public interface Asked extends AccessView {
  @Override
  RequestView request();

  /** The route, or null where there is none. */
  @Nullable Route route();

  @Nullable VirtualHost virtualHost();

  /** Whether the client is outside, so that what it says of other proxies means nothing. */
  boolean atTheEdge();

  boolean overHttp2();

  /** Whether it is a call of gRPC. */
  default boolean isGrpc() {
    CharSequence type = request().header("content-type");
    return type != null && type.toString().startsWith("application/grpc");
  }

  /** Whether content may follow the head; not so where what follows is a WebSocket. */
  boolean hasContent();

  boolean overTls();

  /** The name that the connection was opened for; empty where none was said. */
  String openedFor();

  /** A number by which chance decides, evenly spread over all of them. */
  long random();

  Instant now();

  /** Who hears of decisions. */
  FilterCounter counter();

  /** The tokens of a limit of rates. */
  Buckets buckets(RateLimitPolicy limit);

  /** A configured value without its {@code %COMMAND%} operators, as in access logs. */
  String expand(String template);

  /** Notes something for filters that come later. */
  void note(String key, String value);

  /** What a filter before this one noted, or null. */
  @Nullable String noted(String key);

  /**
   * All headers, several lines of one name joined by a comma, as they are after what filters before
   * this one made of them.
   */
  FieldList headers();

  /** {@code HTTP/1.1}, for instance. */
  String protocol();

  /** The identifier of the request, or null. */
  @Nullable String id();

  int sourcePort();

  /** The proxy's own identity; empty where it has none. */
  String ownName();
}
