package dev.weft.config;

import java.util.Map;

/**
 * A namespace of a member cluster, or of the config API.
 *
 * @param uid which the API server gave it; empty where unknown
 * @param annotations only those of the mesh ({@code *.istio.io/…})
 */
public record KubeNamespace(
    String name,
    String uid,
    Map<String, String> labels,
    Map<String, String> annotations,
    boolean terminating)
    implements KubeFact {
  public KubeNamespace {
    labels = Copies.map(labels);
    annotations = Copies.map(annotations);
  }

  /** One whose uid does not matter. */
  public KubeNamespace(
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      boolean terminating) {
    this(name, "", labels, annotations, terminating);
  }

  /** One without annotations. */
  public KubeNamespace(String name, Map<String, String> labels, boolean terminating) {
    this(name, labels, Map.of(), terminating);
  }

  @Override
  public Key key() {
    return new Key(Kind.NAMESPACE, "", name);
  }
}
