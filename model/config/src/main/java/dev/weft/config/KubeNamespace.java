package dev.weft.config;

import java.util.Map;

/** A namespace of a member cluster, or of the config API. */
public record KubeNamespace(String name, Map<String, String> labels, boolean terminating)
    implements KubeFact {
  public KubeNamespace {
    labels = Copies.map(labels);
  }

  @Override
  public Key key() {
    return new Key(Kind.NAMESPACE, "", name);
  }
}
