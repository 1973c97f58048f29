package dev.weft.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on a claim. Envoy: envoy.type.matcher.v3.ValueMatcher. */
public sealed interface ClaimMatch {
  /**
   * Whether a value is as it should be.
   *
   * @param value null where there is no such claim
   */
  boolean matches(@Nullable Object value);

  /** A text. */
  record Text(StringMatch match) implements ClaimMatch {
    @Override
    public boolean matches(@Nullable Object value) {
      return value instanceof String text && match.matches(text);
    }
  }

  /** A boolean. */
  record Bool(boolean wanted) implements ClaimMatch {
    @Override
    public boolean matches(@Nullable Object value) {
      return value instanceof Boolean bool && bool == wanted;
    }
  }

  /** A list with such an element. */
  record ListWith(ClaimMatch element) implements ClaimMatch {
    @Override
    public boolean matches(@Nullable Object value) {
      return value instanceof List<?> list && list.stream().anyMatch(element::matches);
    }
  }

  /** One of several conditions. */
  record AnyOf(List<ClaimMatch> matches) implements ClaimMatch {
    public AnyOf {
      matches = List.copyOf(matches);
    }

    @Override
    public boolean matches(@Nullable Object value) {
      return matches.stream().anyMatch(m -> m.matches(value));
    }
  }

  /** It is there, or is not. */
  record Present(boolean wanted) implements ClaimMatch {
    @Override
    public boolean matches(@Nullable Object value) {
      return (value != null) == wanted;
    }
  }
}
