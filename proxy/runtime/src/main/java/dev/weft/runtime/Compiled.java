package dev.weft.runtime;

import java.util.List;

/** A new configuration, and what was left out of it. */
public record Compiled(RuntimeConfig config, List<Rejection> rejections) {
  public Compiled {
    rejections = List.copyOf(rejections);
  }
}
