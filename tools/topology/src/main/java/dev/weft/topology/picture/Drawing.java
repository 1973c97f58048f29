package dev.weft.topology.picture;

import dev.weft.config.Diagnostic;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Traffic;
import dev.weft.topology.history.History;
import dev.weft.topology.history.MeshState;
import dev.weft.topology.history.MeshStates;
import dev.weft.topology.layout.Layouts;
import dev.weft.topology.layout.Placement;
import dev.weft.topology.layout.Scene;
import java.time.Instant;
import java.util.List;

/** From what there is, what flows and what was, to a picture. */
public final class Drawing {
  /** More cards than this are a thicket, and slow in a browser. */
  static final int MAX_NODES = 300;

  static final int MAX_EDGES = 600;

  private Drawing() {}

  /**
   * What a picture is made of.
   *
   * @param at the end of the view's window, now or before
   * @param snapshot of now: of the past, it is what users wrote that is not remembered
   * @param findings of now
   * @param traffic of the view's window
   */
  public record Input(
      Instant at,
      MeshSnapshot snapshot,
      List<Diagnostic> findings,
      Traffic traffic,
      History history) {
    public Input {
      findings = List.copyOf(findings);
    }
  }

  /** Draws what a view wants to see. */
  public static Picture of(Input input, View view, Layouts layouts) {
    MeshState state =
        input.history().past(input.at()).orElseGet(() -> MeshStates.of(input.snapshot()));
    Survey survey = Survey.of(input, state);
    Contents contents = Contents.of(survey, view, view.level());
    while (contents.tooMany() && contents.level() != Level.CLUSTER) {
      contents = Contents.of(survey, view, contents.level().coarser());
    }
    Scene scene = Stage.of(contents, survey, view);
    Placement placement = layouts.of(scene);
    Rendering rendering = new Rendering(contents, survey, placement, view);
    List<PictureEdge> edges = rendering.edges();
    return new Picture(
        scene.hash(),
        input.at(),
        view.window().toMillis(),
        input.traffic().state(),
        placement.width(),
        placement.height(),
        rendering.clusters(),
        rendering.namespaces(),
        rendering.nodes(),
        edges,
        Sentences.of(survey, contents, view),
        contents.level() == view.level() ? "" : Picture.TOO_MANY_NODES,
        contents.level());
  }

  /** For each second of a window. */
  static double perSecond(long count, View view) {
    return count * 1000.0 / view.window().toMillis();
  }

  static boolean sees(View view, Spot spot) {
    return (view.clusters().isEmpty() || view.clusters().contains(spot.cluster()))
        && (view.namespaces().isEmpty() || view.namespaces().contains(spot.namespace()));
  }
}
