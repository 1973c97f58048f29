package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.CustomShape;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.MergeKeys;
import dev.weft.apiserver.schema.MessageShape;
import dev.weft.apiserver.schema.Protos;
import dev.weft.apiserver.schema.Shape;
import dev.weft.apiserver.schema.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAPI v3 documents, one per group and version: enough for {@code apply} (which asks whether the
 * server validates fields, and for merge keys) and {@code explain}. Made on demand: they are large.
 */
final class OpenApi {
  private final TypeRegistry registry;

  OpenApi(TypeRegistry registry) {
    this.registry = registry;
  }

  private static String path(String group, String version) {
    return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
  }

  /** What {@code /openapi/v3} says. */
  Answer index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    registry
        .byGroup()
        .forEach(
            (group, versions) ->
                versions.forEach(
                    (version, types) -> {
                      String path = path(group, version);
                      // The hash is what clients cache by: it has to change with the content.
                      int hash = types.stream().map(OpenApi::fingerprint).toList().hashCode();
                      paths
                          .putObject(path)
                          .put(
                              "serverRelativeURL",
                              "/openapi/v3/" + path + "?hash=" + Integer.toHexString(hash));
                    }));
    return Answer.json(200, index);
  }

  /**
   * A version 2 document without definitions: clients from before version 3 insist on one, and then
   * leave what it does not describe to the server. In protobuf, as they ask for it
   * (gnostic.openapi.v2.Document: 1 swagger, 2 info with 1 title and 2 version, 8 paths).
   */
  static Answer version2(Request request) {
    if (!request.headerText("Accept").contains("proto-openapi.spec.v2")) {
      ObjectNode document = Json.object().put("swagger", "2.0");
      document.putObject("info").put("title", "Kubernetes").put("version", ServerVersion.GIT);
      document.putObject("paths");
      document.putObject("definitions");
      return Answer.json(200, document);
    }
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    field(info, 1, "Kubernetes".getBytes(StandardCharsets.UTF_8));
    field(info, 2, ServerVersion.GIT.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    field(document, 1, "2.0".getBytes(StandardCharsets.UTF_8));
    field(document, 2, info.toByteArray());
    field(document, 8, new byte[0]);
    return new Answer.Body(
        200,
        "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
        document.toByteArray(),
        List.of());
  }

  /** A length-delimited field shorter than 128 bytes. */
  private static void field(ByteArrayOutputStream out, int number, byte[] value) {
    out.write(number << 3 | 2);
    out.write(value.length);
    out.writeBytes(value);
  }

  private static int fingerprint(KnownType known) {
    int shape = known.shape() instanceof CustomShape custom ? custom.fingerprint() : 0;
    return known.type().hashCode() * 31 + shape;
  }

  /** The document of one group and version. */
  Answer document(Request request, String group, String version) {
    List<KnownType> types =
        Optional.ofNullable(registry.byGroup().get(group))
            .flatMap(versions -> Optional.ofNullable(versions.get(version)))
            .orElseThrow(Errors::noSuchResource);
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", ServerVersion.GIT);
    ObjectNode paths = document.putObject("paths");
    Schemas schemas = new Schemas();
    for (KnownType known : types) {
      path(paths, known, group, version);
      schemas.add(known);
    }
    document.putObject("components").set("schemas", schemas.finish());
    boolean immutable = !request.parameter("hash").isEmpty();
    return new Answer.Body(200, "application/json", Json.bytes(document), List.of(), immutable);
  }

  private static void path(ObjectNode paths, KnownType known, String group, String version) {
    ResourceType type = known.type();
    String base =
        "/"
            + path(group, version)
            + (type.namespaced() ? "/namespaces/{namespace}/" : "/")
            + type.plural();
    ObjectNode post = operation(known, "post", "create");
    paths.putObject(base).set("post", post);
    if (!known.createOnly()) {
      ObjectNode one = paths.putObject(base + "/{name}");
      one.set("get", operation(known, "get", "read"));
      one.set("put", operation(known, "put", "replace"));
      one.set("patch", operation(known, "patch", "patch"));
    }
  }

  private static ObjectNode operation(KnownType known, String method, String verb) {
    ResourceType type = known.type();
    ObjectNode operation =
        Json.object().put("operationId", verb + type.kind()).put("x-kubernetes-action", method);
    operation.set("x-kubernetes-group-version-kind", gvk(type));
    var parameters = operation.putArray("parameters");
    if (!method.equals("get")) {
      for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
        parameters
            .addObject()
            .put("name", name)
            .put("in", "query")
            .putObject("schema")
            .put("type", "string");
      }
    }
    operation
        .putObject("responses")
        .putObject("200")
        .put("description", "OK")
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schemaName(known));
    return operation;
  }

  private static ObjectNode gvk(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("kind", type.kind())
        .put("version", type.version());
  }

  private static String schemaName(KnownType known) {
    return known.shape() instanceof MessageShape shape
        ? Protos.schemaName(shape.descriptor().get())
        : reversed(known.type().group()) + "." + known.type().version() + "." + known.type().kind();
  }

  private static String reversed(String group) {
    return String.join(".", List.of(group.split("\\.", -1)).reversed());
  }

  /** The schemas of one document, with everything that they refer to. */
  private static final class Schemas {
    private final Map<String, ObjectNode> finished = new LinkedHashMap<>();
    private final ArrayDeque<Descriptor> open = new ArrayDeque<>();
    private final Set<String> seen = new HashSet<>();

    void add(KnownType known) {
      switch (known.shape()) {
        case MessageShape shape -> {
          Descriptor message = shape.descriptor().get();
          seen.add(message.getFullName());
          ObjectNode schema = message(message);
          ObjectNode properties = Json.child(schema, "properties");
          properties.putObject("apiVersion").put("type", "string");
          properties.putObject("kind").put("type", "string");
          schema.putArray("x-kubernetes-group-version-kind").add(gvk(known.type()));
          finished.put(schemaName(known), schema);
        }
        case CustomShape custom -> {
          ObjectNode schema =
              custom.schema() instanceof ObjectNode own ? Json.shallow(own) : Json.object();
          ObjectNode properties =
              schema.get("properties") instanceof ObjectNode own
                  ? Json.shallow(own)
                  : Json.object();
          properties.putObject("apiVersion").put("type", "string");
          properties.putObject("kind").put("type", "string");
          properties.set("metadata", reference(metadata()));
          schema.set("properties", properties);
          schema.putArray("x-kubernetes-group-version-kind").add(gvk(known.type()));
          finished.put(schemaName(known), schema);
        }
        case Shape.Anything any -> {
          ObjectNode schema = Json.object().put("type", "object");
          schema.put("x-kubernetes-preserve-unknown-fields", true);
          schema.putArray("x-kubernetes-group-version-kind").add(gvk(known.type()));
          finished.put(schemaName(known), schema);
        }
      }
    }

    private static Descriptor metadata() {
      return io.kubernetes.client.proto.Meta.getDescriptor().findMessageTypeByName("ObjectMeta");
    }

    ObjectNode finish() {
      while (!open.isEmpty()) {
        Descriptor message = open.remove();
        finished.put(Protos.schemaName(message), message(message));
      }
      ObjectNode all = Json.object();
      finished.forEach(all::set);
      return all;
    }

    private ObjectNode reference(Descriptor message) {
      if (seen.add(message.getFullName())) {
        open.add(message);
      }
      return Json.object().put("$ref", "#/components/schemas/" + Protos.schemaName(message));
    }

    private ObjectNode message(Descriptor message) {
      ObjectNode schema = Json.object().put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      for (FieldDescriptor field : Protos.fields(message)) {
        properties.set(Protos.jsonName(field), property(field));
      }
      return schema;
    }

    private ObjectNode property(FieldDescriptor field) {
      if (field.isMapField()) {
        ObjectNode map = Json.object().put("type", "object");
        map.set("additionalProperties", single(field.getMessageType().findFieldByName("value")));
        return map;
      }
      if (!field.isRepeated()) {
        ObjectNode value = single(field);
        String strategy = MergeKeys.strategy(field);
        if (!strategy.isEmpty()) {
          ObjectNode wrapped = Json.object();
          wrapped.putArray("allOf").add(value);
          return wrapped.put("x-kubernetes-patch-strategy", strategy);
        }
        return value;
      }
      ObjectNode list = Json.object().put("type", "array");
      list.set("items", single(field));
      MergeKeys.key(field).ifPresent(key -> list.put("x-kubernetes-patch-merge-key", key));
      String strategy = MergeKeys.strategy(field);
      if (!strategy.isEmpty()) {
        list.put("x-kubernetes-patch-strategy", strategy);
      }
      return list;
    }

    private ObjectNode single(FieldDescriptor field) {
      ObjectNode schema = Json.object();
      return switch (field.getJavaType()) {
        case INT -> schema.put("type", "integer").put("format", "int32");
        case LONG -> schema.put("type", "integer").put("format", "int64");
        case FLOAT, DOUBLE -> schema.put("type", "number").put("format", "double");
        case BOOLEAN -> schema.put("type", "boolean");
        case STRING, ENUM -> schema.put("type", "string");
        case BYTE_STRING -> schema.put("type", "string").put("format", "byte");
        case MESSAGE -> message(field.getMessageType(), schema);
      };
    }

    private ObjectNode message(Descriptor message, ObjectNode schema) {
      return switch (Protos.form(message)) {
        case OBJECT -> reference(message);
        case TIME, MICRO_TIME -> schema.put("type", "string").put("format", "date-time");
        case DURATION, QUANTITY -> schema.put("type", "string");
        case INT_OR_STRING ->
            schema.put("format", "int-or-string").put("x-kubernetes-int-or-string", true);
        case RAW_JSON, SCHEMA ->
            schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
        case LIST -> {
          schema.put("type", "array").putObject("items").put("type", "string");
          yield schema;
        }
      };
    }
  }
}
