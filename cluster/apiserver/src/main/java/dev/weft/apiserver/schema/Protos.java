package dev.weft.apiserver.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the published Kubernetes protobuf messages relate to the JSON form of the same objects. They
 * are the one source for field names and types: of protobuf bodies, strict validation and OpenAPI.
 */
public final class Protos {
  /** Fields whose Go struct is embedded: their content stands beside them in JSON. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "localObjectReference",
          "ephemeralContainerCommon",
          "persistentVolumeSource",
          "volumeSource",
          "handler",
          "ruleWithOperations",
          "rule",
          "ingressRuleValue");

  private static final Set<String> EMBEDDED_TYPES =
      Set.of(
          "LocalObjectReference",
          "EphemeralContainerCommon",
          "PersistentVolumeSource",
          "VolumeSource",
          "ProbeHandler",
          "RuleWithOperations",
          "Rule",
          "IngressRuleValue");

  /** How a message looks in JSON. */
  public enum Form {
    OBJECT,
    TIME,
    MICRO_TIME,
    DURATION,
    QUANTITY,
    INT_OR_STRING,
    /** The message holds JSON text in bytes. */
    RAW_JSON,
    /** A list under one field, which is the list itself in JSON. */
    LIST,
    /** JSON schemas of CRDs: a form of their own, never sent as protobuf by kubectl. */
    SCHEMA
  }

  private Protos() {}

  public static Form form(Descriptor message) {
    return switch (message.getName()) {
      case "Time" -> Form.TIME;
      case "MicroTime" -> Form.MICRO_TIME;
      case "Duration" -> Form.DURATION;
      case "Quantity" -> Form.QUANTITY;
      case "IntOrString" -> Form.INT_OR_STRING;
      case "FieldsV1", "RawExtension", "JSON" -> Form.RAW_JSON;
      case "Verbs", "ExtraValue" -> Form.LIST;
      case "JSONSchemaProps",
          "JSONSchemaPropsOrArray",
          "JSONSchemaPropsOrBool",
          "JSONSchemaPropsOrStringArray" ->
          Form.SCHEMA;
      default -> Form.OBJECT;
    };
  }

  static boolean embedded(FieldDescriptor field) {
    return EMBEDDED.contains(field.getName())
        && !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && EMBEDDED_TYPES.contains(field.getMessageType().getName());
  }

  /** The JSON key of a field: a few have a capital in protobuf alone, and one in both. */
  public static String jsonName(FieldDescriptor field) {
    String name = field.getName();
    return field.getContainingType().getName().equals("DaemonEndpoint")
        ? name
        : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static @Nullable FieldDescriptor own(Descriptor message, String key) {
    FieldDescriptor exact = message.findFieldByName(key);
    if (exact == null && !key.isEmpty()) {
      exact = message.findFieldByName(Character.toUpperCase(key.charAt(0)) + key.substring(1));
    }
    return exact != null && jsonName(exact).equals(key) ? exact : null;
  }

  /** The field that a JSON key means, also where it comes from an embedded struct. */
  public static Optional<FieldDescriptor> field(Descriptor message, String key) {
    FieldDescriptor own = own(message, key);
    if (own != null && !embedded(own)) {
      return Optional.of(own);
    }
    for (FieldDescriptor field : message.getFields()) {
      if (embedded(field)) {
        Optional<FieldDescriptor> inner = field(field.getMessageType(), key);
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.empty();
  }

  /** All fields as JSON shows them. */
  public static List<FieldDescriptor> fields(Descriptor message) {
    return message.getFields().stream()
        .flatMap(
            f -> embedded(f) ? fields(f.getMessageType()).stream() : java.util.stream.Stream.of(f))
        .toList();
  }

  /** {@code io.k8s.api.core.v1.Pod} for {@code k8s.io.api.core.v1.Pod}. */
  public static String schemaName(Descriptor message) {
    String name = message.getFullName();
    return name.startsWith("k8s.io.") ? "io.k8s." + name.substring("k8s.io.".length()) : name;
  }
}
