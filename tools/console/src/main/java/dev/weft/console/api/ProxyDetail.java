package dev.weft.console.api;

import java.util.List;

/**
 * What a proxy should hold. Resources are trees, as protobuf's JSON has them.
 *
 * @param differences between that and what it is known to hold
 */
public record ProxyDetail(
    ProxyRow proxy,
    List<Object> listeners,
    List<Object> routes,
    List<Object> clusters,
    List<Object> endpoints,
    List<ResourceDifference> differences) {
  public ProxyDetail {
    listeners = List.copyOf(listeners);
    routes = List.copyOf(routes);
    clusters = List.copyOf(clusters);
    endpoints = List.copyOf(endpoints);
    differences = List.copyOf(differences);
  }

  /** A resource that is one thing here and another there. */
  public record ResourceDifference(String type, String name, DifferenceKind kind, String message) {}

  /** How they differ. */
  public enum DifferenceKind {
    ONLY_GENERATED("only-generated"),
    ONLY_HELD("only-held"),
    OTHER("other");

    private final String word;

    DifferenceKind(String word) {
      this.word = word;
    }

    /** As JSON has it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
