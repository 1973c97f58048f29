package dev.weft.exchange;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of 200 with content, and places for coders. */
record Sent(
    Asked request, int status, Map<String, String> fields, boolean hasContent, Places coders)
    implements Answered {

  /** Places, of which some are left. */
  static final class Places implements CoderPlaces {
    int left;

    Places(int left) {
      this.left = left;
    }

    @Override
    public boolean take() {
      return left > 0 && left-- > 0;
    }

    @Override
    public void leave() {
      left++;
    }
  }

  static Sent to(Asked request, Map<String, String> fields) {
    return new Sent(request, 200, fields, true, new Places(1));
  }

  Sent with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new Sent(request, status, more, hasContent, coders);
  }

  Sent as(int code) {
    return new Sent(request, code, fields, hasContent, coders);
  }

  Sent withoutContent() {
    return new Sent(request, status, fields, false, coders);
  }

  @Override
  public @Nullable String header(String lowerCaseName) {
    return fields.get(lowerCaseName);
  }
}
