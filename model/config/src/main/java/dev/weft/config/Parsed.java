package dev.weft.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading an object.
 *
 * @param object null where it cannot be used at all, which an error among the diagnostics explains
 */
public record Parsed(@Nullable ConfigObject object, List<Diagnostic> diagnostics) {
  public Parsed {
    diagnostics = List.copyOf(diagnostics);
  }

  public Optional<ConfigObject> value() {
    return Optional.ofNullable(object);
  }
}
