package dev.weft.runtime;

import dev.weft.routing.RouteTable;

/** Where a pipeline finds its routes. */
public sealed interface RouteSource {
  /** In the listener itself. */
  record Inline(RouteTable table) implements RouteSource {}

  /** In {@link RuntimeConfig#routeTables()}. */
  record ByName(String name) implements RouteSource {}
}
