package dev.weft.topology;

import java.util.Locale;

/** How much something matters to whoever runs the mesh. */
public enum Severity {
  INFO,
  WARNING,
  ERROR;

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
