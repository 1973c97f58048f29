package dev.weft.discovery;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;

/** YAML from users as neutral trees. */
final class Yaml {
  private Yaml() {}

  /** The text holds no YAML object. */
  static final class MalformedException extends Exception {
    MalformedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The object that the text holds; empty for a blank text. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) throws MalformedException {
    if (text.isBlank()) {
      return Map.of();
    }
    try {
      Map<String, Object> tree = Serialization.unmarshal(text, Map.class);
      return tree == null ? Map.of() : tree;
    } catch (RuntimeException e) {
      // The library throws whatever its parsers throw, without a common type.
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }
}
