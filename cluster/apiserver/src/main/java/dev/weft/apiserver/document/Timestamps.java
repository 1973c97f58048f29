package dev.weft.apiserver.document;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as objects carry them. */
public final class Timestamps {
  private Timestamps() {}

  /** Now, in whole seconds: {@code metav1.Time} has no more. */
  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }
}
