package dev.weft.topology;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something worth saying about the mesh. The words are the reader's language's: what is here is
 * which sentence it is, and what stands in its gaps.
 *
 * @param code stable, such as {@code all-left}
 * @param args by the name of the gap, sorted
 * @param nodes of the picture that it is about
 * @param edges of the picture that it is about
 */
public record Sentence(
    String code,
    Map<String, String> args,
    Severity severity,
    List<String> nodes,
    List<String> edges) {
  public Sentence {
    args = Collections.unmodifiableMap(new TreeMap<>(args));
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }
}
