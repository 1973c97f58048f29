package dev.weft.topology.picture;

import dev.weft.topology.Sentence;
import dev.weft.topology.SourceState;
import java.time.Instant;
import java.util.List;

/**
 * The mesh in a window of time, with everything in its place.
 *
 * @param structure equal ones have the same things in the same places
 * @param at the window's end
 * @param clusters all registered ones that the view has, and those that only traffic names
 * @param sentences what happens, the most important first
 * @param reduced empty, or why a coarser level than the one asked for is shown: {@link
 *     #TOO_MANY_NODES}
 * @param level that is shown
 */
public record Picture(
    String structure,
    Instant at,
    long windowMillis,
    SourceState source,
    double width,
    double height,
    List<ClusterBox> clusters,
    List<NamespaceBox> namespaces,
    List<PictureNode> nodes,
    List<PictureEdge> edges,
    List<Sentence> sentences,
    String reduced,
    Level level) {
  public static final String TOO_MANY_NODES = "too-many-nodes";

  public Picture {
    clusters = List.copyOf(clusters);
    namespaces = List.copyOf(namespaces);
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
    sentences = List.copyOf(sentences);
  }
}
