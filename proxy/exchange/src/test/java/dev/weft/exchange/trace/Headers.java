package dev.weft.exchange.trace;

import dev.weft.routing.RequestView;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request with headers, written {@code name=value} with blanks between them. */
record Headers(Map<String, String> fields) implements RequestView {
  static Headers of(String text) {
    Map<String, String> fields = new TreeMap<>();
    for (String field : text.split(" ")) {
      int sign = field.indexOf('=');
      if (sign > 0) {
        fields.put(field.substring(0, sign), field.substring(sign + 1));
      }
    }
    return new Headers(fields);
  }

  @Override
  public CharSequence authority() {
    return "web.shop";
  }

  @Override
  public CharSequence path() {
    return "/";
  }

  @Override
  public CharSequence method() {
    return "GET";
  }

  @Override
  public CharSequence scheme() {
    return "http";
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return fields.get(lowerCaseName);
  }
}
