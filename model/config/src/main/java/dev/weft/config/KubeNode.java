package dev.weft.config;

import dev.weft.types.Locality;
import java.util.List;
import java.util.Map;

/**
 * A node; its locality comes from its labels.
 *
 * @param addresses external ones first
 */
public record KubeNode(
    String name, Map<String, String> labels, List<String> addresses, Locality locality)
    implements KubeFact {
  public KubeNode {
    labels = Copies.map(labels);
    addresses = List.copyOf(addresses);
  }

  @Override
  public Key key() {
    return new Key(Kind.NODE, "", name);
  }
}
