package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import java.util.List;

/**
 * A mesh, and what is found in it.
 *
 * @param config what was read
 * @param snapshot what was made of it
 * @param findings the worst first
 */
public record Observed(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
  public Observed {
    findings = List.copyOf(findings);
  }

  /** Looks for everything that is to be found. */
  public static Observed of(ConfigSet config, MeshSnapshot snapshot) {
    return new Observed(config, snapshot, Findings.of(config, snapshot));
  }
}
