package dev.weft.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What matching may see of a request. Implementations hand out views of received bytes; nothing
 * that is handed out is kept after the call that asked for it.
 */
public interface RequestView {
  /** The {@code Host} header or {@code :authority}, with its port where it has one. */
  CharSequence authority();

  /** The request target in origin form, with its query string. */
  CharSequence path();

  /** The method, in the case of the wire. */
  CharSequence method();

  /**
   * Where the connection of the request wanted to go before it was redirected to this proxy: an IP
   * address and a port, written like an authority. Empty where it was not redirected.
   */
  default CharSequence destination() {
    return "";
  }

  /**
   * A claim of a verified token of the request.
   *
   * @param path of keys to it
   * @return a map, list, string, double or boolean; null where there is no such claim
   */
  default @Nullable Object claim(List<String> path) {
    return null;
  }

  /** {@code http} or {@code https}, as the downstream connection is. */
  CharSequence scheme();

  /**
   * The value of a header; several lines of one name are joined by a comma.
   *
   * @param lowerCaseName the name in lower case, without a pseudo header's colon
   * @return null where the request has no such header
   */
  @Nullable CharSequence header(String lowerCaseName);
}
