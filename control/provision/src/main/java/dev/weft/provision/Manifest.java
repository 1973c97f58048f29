package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;

/**
 * An object as it is wanted: only the fields that somebody cares about.
 *
 * @param body of JSON; nobody changes it
 */
public record Manifest(Key key, ObjectNode body) {

  /**
   * Names an object.
   *
   * @param namespace empty for kinds without namespaces
   */
  public record Key(ManagedKind kind, String namespace, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::kind).thenComparing(Key::namespace).thenComparing(Key::name);

    /** The URL path of the object. */
    public String path() {
      return kind.collectionPath(namespace) + "/" + name;
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    /** For messages: {@code Deployment istio-system/istio-ingressgateway}. */
    @Override
    public String toString() {
      return kind.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
  }

  /**
   * Takes a body with apiVersion, kind and metadata.
   *
   * @throws IllegalArgumentException for a kind that the mesh does not keep
   */
  public static Manifest of(ObjectNode body) {
    String apiVersion = body.path("apiVersion").asText();
    String kind = body.path("kind").asText();
    ManagedKind managed =
        ManagedKind.find(apiVersion, kind)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("no kind to manage: " + apiVersion + " " + kind));
    return new Manifest(
        new Key(
            managed,
            body.path("metadata").path("namespace").asText(""),
            body.path("metadata").path("name").asText()),
        body);
  }
}
