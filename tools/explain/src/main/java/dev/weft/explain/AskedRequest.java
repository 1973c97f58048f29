package dev.weft.explain;

import dev.weft.routing.RequestView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that is asked about, as matching sees it.
 *
 * @param headers by lower-case name
 */
record AskedRequest(
    String authority, String path, String method, String scheme, Map<String, String> headers)
    implements RequestView {

  AskedRequest withPath(String cleaned) {
    return new AskedRequest(authority, cleaned, method, scheme, headers);
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }
}
