package dev.weft.lab.object;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Names one object of a type.
 *
 * @param namespace "" for cluster-scoped types
 */
public record ObjectKey(String namespace, String name) {

  public static ObjectKey of(JsonNode object) {
    return new ObjectKey(Meta.namespace(object), Meta.name(object));
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
