package dev.weft.explain;

import dev.weft.routing.RequestView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that is asked about, as matching sees it.
 *
 * @param destination address and port of a connection that is redirected to a proxy; else empty
 * @param headers by lower-case name
 */
record AskedRequest(
    String authority,
    String destination,
    String path,
    String method,
    String scheme,
    Map<String, String> headers)
    implements RequestView {

  AskedRequest withPath(String cleaned) {
    return new AskedRequest(authority, destination, cleaned, method, scheme, headers);
  }

  AskedRequest withAuthority(String rewritten) {
    return new AskedRequest(rewritten, destination, path, method, scheme, headers);
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }
}
