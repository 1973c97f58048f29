package dev.weft.console.api;

import dev.weft.topology.Severity;
import java.util.Collection;

/** The worst of some findings. */
public enum Worst {
  NONE(""),
  INFO("info"),
  WARNING("warning"),
  ERROR("error");

  private final String word;

  Worst(String word) {
    this.word = word;
  }

  /** As JSON has it. */
  @Override
  public String toString() {
    return word;
  }

  /** Of those. */
  public static Worst of(Collection<Severity> severities) {
    Worst worst = NONE;
    for (Severity each : severities) {
      Worst as =
          switch (each) {
            case INFO -> INFO;
            case WARNING -> WARNING;
            case ERROR -> ERROR;
          };
      worst = as.compareTo(worst) > 0 ? as : worst;
    }
    return worst;
  }
}
