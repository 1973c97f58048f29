package dev.weft.access;

import dev.weft.routing.RequestView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as a value. */
record Asked(String method, String authority, String path, Map<String, String> headers)
    implements RequestView {
  @Override
  public CharSequence scheme() {
    return "http";
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }
}
