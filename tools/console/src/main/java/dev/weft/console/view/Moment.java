package dev.weft.console.view;

import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.snapshot.MeshSnapshot;
import java.util.List;

/**
 * What was read, and the picture that was made of it.
 *
 * @param findings the latest that there are, perhaps of a moment before; the worst first
 */
public record Moment(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
  public Moment {
    findings = List.copyOf(findings);
  }
}
