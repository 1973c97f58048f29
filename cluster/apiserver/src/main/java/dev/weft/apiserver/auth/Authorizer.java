package dev.weft.apiserver.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.util.List;

/** Decides what an authenticated client may do. */
public interface Authorizer {

  /**
   * What somebody wants to do.
   *
   * @param verb such as {@code get}, {@code deletecollection}
   * @param resource plural, "" for a path that is no resource
   * @param subresource "" for the object itself
   * @param path for what is no resource
   */
  record Action(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name,
      String path) {}

  boolean allows(Identity who, Action action);

  /** Everything that somebody may do in a namespace, as {@code PolicyRule} objects. */
  List<ObjectNode> rules(Identity who, String namespace);

  /** Lets everybody who is authenticated do everything. */
  final class Everybody implements Authorizer {
    @Override
    public boolean allows(Identity who, Action action) {
      return !who.name().isEmpty();
    }

    @Override
    public List<ObjectNode> rules(Identity who, String namespace) {
      return all();
    }
  }

  /** The rules of a user who may do everything. */
  static List<ObjectNode> all() {
    ObjectNode resources = Json.object();
    for (String field : List.of("verbs", "apiGroups", "resources")) {
      resources.putArray(field).add("*");
    }
    ObjectNode paths = Json.object();
    paths.putArray("verbs").add("*");
    paths.putArray("nonResourceURLs").add("*");
    return List.of(resources, paths);
  }
}
