package dev.weft.topology.picture;

import dev.weft.config.Diagnostic;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Traffic;
import dev.weft.topology.history.History;
import java.time.Instant;
import java.util.List;

/**
 * What a picture is made of.
 *
 * @param at the end of the view's window, now or before
 * @param snapshot of now: of the past, it is what users wrote that is not remembered
 * @param findings of now
 * @param traffic of the view's window
 */
public record PictureInput(
    Instant at,
    MeshSnapshot snapshot,
    List<Diagnostic> findings,
    Traffic traffic,
    History history) {
  public PictureInput {
    findings = List.copyOf(findings);
  }
}
