package dev.weft.apiserver;

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
record KnownType(
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
  record ScalePaths(String spec, String status, String labelSelector) {}

  /** A column of a custom type. */
  record PrinterColumn(
      String name, String type, String format, String description, int priority, String path) {}

  TypeKey key() {
    return TypeKey.of(type);
  }
}
