package dev.weft.topology.picture;

import dev.weft.topology.history.MeshState;
import dev.weft.topology.history.MeshStates;
import dev.weft.topology.layout.Layouts;
import dev.weft.topology.layout.Placement;
import dev.weft.topology.layout.Scene;
import java.util.List;

/** From what there is, what flows and what was, to a picture. */
public final class Drawing {
  private Drawing() {}

  /** Draws what a view wants to see. */
  public static Picture of(PictureInput input, View view, Layouts layouts) {
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
}
