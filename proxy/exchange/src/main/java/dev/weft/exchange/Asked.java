package dev.weft.exchange;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;
import dev.weft.access.AccessView;
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

  boolean overTls();

  /** The name that the connection was opened for; empty where none was said. */
  String openedFor();

  /** A number by which chance decides, evenly spread over all of them. */
  long random();

  Instant now();

  /**
   * What rules of access say of it; it is counted.
   *
   * @param place the prefix of the statistics
   */
  AccessDecision decide(AccessFilter rules, String place);
}
