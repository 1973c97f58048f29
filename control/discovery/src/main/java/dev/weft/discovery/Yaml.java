package dev.weft.discovery;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** YAML from users as neutral trees. */
final class Yaml {
  private static final int DEEPEST = 100;
  private static final long MOST_BY_ALIASES = 10_000;

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
      new Measure().check(text);
      Map<String, Object> tree = Serialization.unmarshal(text, Map.class);
      return tree == null ? Map.of() : tree;
    } catch (RuntimeException e) {
      // The library throws whatever its parsers throw, without a common type.
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Aliases make a tree of a few lines as large as one likes, or endless, and the library would go
   * through all of it. Confined to one text.
   */
  private static final class Measure {
    private final Map<Anchor, Long> sizes = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private long aliased;

    /** A collection that has not ended. Confined to its measure. */
    private static final class Open {
      private final Optional<Anchor> anchor;
      private long size = 1;

      Open(Optional<Anchor> anchor) {
        this.anchor = anchor;
      }
    }

    void check(String text) {
      for (Event event : new Parse(LoadSettings.builder().build()).parseString(text)) {
        switch (event) {
          case CollectionStartEvent start -> {
            // Until it ends, an alias of it means what it is in.
            start.getAnchor().ifPresent(sizes::remove);
            open.push(new Open(start.getAnchor()));
            if (open.size() > DEEPEST) {
              throw new IllegalArgumentException("it is nested too deeply");
            }
          }
          case CollectionEndEvent end -> ended();
          case ScalarEvent scalar -> {
            scalar.getAnchor().ifPresent(anchor -> sizes.put(anchor, 1L));
            add(1);
          }
          case AliasEvent alias -> {
            Long size = sizes.get(alias.getAlias());
            if (size == null) {
              throw new IllegalArgumentException("*" + alias.getAlias() + " is part of itself");
            }
            add(size);
            aliased += size;
            if (aliased > MOST_BY_ALIASES) {
              throw new IllegalArgumentException("it is too large with all its aliases");
            }
          }
          default -> {}
        }
      }
    }

    private void ended() {
      Open ended = open.pop();
      ended.anchor.ifPresent(anchor -> sizes.put(anchor, ended.size));
      add(ended.size);
    }

    private void add(long size) {
      Open in = open.peek();
      if (in != null) {
        in.size += size;
      }
    }
  }
}
