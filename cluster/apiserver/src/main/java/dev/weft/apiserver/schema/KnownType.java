package dev.weft.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.storage.TypeKey;
import java.util.List;
import java.util.Optional;

/**
 * A type that is served, in one version.
 *
 * @param categories such as {@code all}
 * @param status whether there is a status sub-resource, so that plain writes leave the status alone
 * @param scale where the replicas are, for types with a scale sub-resource
 * @param createOnly reviews and the like: answered at once, never stored
 * @param shape what fields objects have
 * @param columns what lists show besides the name; empty for built-in columns
 */
public record KnownType(
    ResourceType type,
    String singular,
    List<String> shortNames,
    List<String> categories,
    boolean status,
    Optional<ScalePaths> scale,
    boolean createOnly,
    Shape shape,
    List<PrinterColumn> columns) {

  /** Paths in dots, such as {@code .spec.replicas}. */
  public record ScalePaths(String spec, String status, String labelSelector) {}

  /** A column of a custom type. */
  public record PrinterColumn(
      String name, String type, String format, String description, int priority, String path) {}

  public TypeKey key() {
    return TypeKey.of(type);
  }

  public boolean isNamespace() {
    return isCore("namespaces");
  }

  public boolean isPod() {
    return isCore("pods");
  }

  public boolean isCore(String plural) {
    return type.group().isEmpty() && type.plural().equals(plural);
  }

  /** A stored object as this version shows it. */
  public ObjectNode shown(ObjectNode object) {
    String apiVersion = type.apiVersion();
    if (apiVersion.equals(Json.text(object, "apiVersion"))) {
      return object;
    }
    ObjectNode copy = Json.object().put("apiVersion", apiVersion);
    object.properties().forEach(e -> copy.putIfAbsent(e.getKey(), e.getValue()));
    return copy;
  }
}
