package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.object.Deletion;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.MessageShape;
import dev.weft.apiserver.schema.ProtobufBody;
import dev.weft.apiserver.schema.TypeRegistry;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads request bodies in the media types that clients of Kubernetes send. */
public final class Bodies {
  static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  /** Messages that are sent but not stored, by apiVersion and kind. */
  private static final Map<String, Supplier<Descriptor>> MESSAGES =
      Map.of(
          "authentication.k8s.io/v1 TokenRequest",
          () -> named(V1Authentication.getDescriptor(), "TokenRequest"),
          "autoscaling/v1 Scale",
          () -> named(V1Autoscaling.getDescriptor(), "Scale"),
          "policy/v1 Eviction",
          () -> named(V1Policy.getDescriptor(), "Eviction"));

  private static final int LONGEST_MANAGER = 128;

  private final TypeRegistry registry;

  public Bodies(TypeRegistry registry) {
    this.registry = registry;
  }

  private static Descriptor named(FileDescriptor file, String name) {
    return file.findMessageTypeByName(name);
  }

  /** What a body holds, and keys that were repeated in it. */
  record Decoded(ObjectNode object, List<String> duplicates) {}

  /** The object in the body; 400 or 415 where there is none. */
  public Decoded object(Request request) {
    byte[] body = request.body();
    List<String> duplicates = new ArrayList<>();
    JsonNode node =
        switch (request.contentType()) {
          case "application/json", "" -> Json.read(body, duplicates);
          case "application/yaml", "application/x-yaml", "text/yaml" ->
              Json.readYaml(body, duplicates);
          case PROTOBUF -> ProtobufBody.read(body, this::message);
          default ->
              throw Errors.unsupportedMediaType(
                  "the body of the request was in an unknown format - accepted media types include:"
                      + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
        };
    if (node instanceof ObjectNode object) {
      return new Decoded(object, duplicates);
    }
    throw Errors.badRequest("the request body has to be an object, not " + node.getNodeType());
  }

  private Descriptor message(String apiVersion, String kind) {
    if (kind.equals("DeleteOptions")) {
      return named(Meta.getDescriptor(), "DeleteOptions");
    }
    Supplier<Descriptor> known = MESSAGES.get(apiVersion + " " + kind);
    if (known != null) {
      return known.get();
    }
    return registry
        .byKind(apiVersion, kind)
        .map(KnownType::shape)
        .filter(MessageShape.class::isInstance)
        .map(shape -> ((MessageShape) shape).descriptor().get())
        .orElseThrow(
            () ->
                Errors.badRequest(
                    "no kind \""
                        + kind
                        + "\" is registered for version \""
                        + apiVersion
                        + "\" in protobuf; send JSON"));
  }

  /** How a deletion is wanted, from body and query. */
  Deletion deletion(Request request) {
    Deletion deletion =
        new Deletion(
            request.number("gracePeriodSeconds", -1),
            request.parameter("propagationPolicy").isEmpty()
                ? ObjectStore.Propagation.BACKGROUND
                : Deletion.propagation(request.parameter("propagationPolicy")),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            dryRun(request));
    if (request.headerText("Content-Length").equals("0")
        || (request.headerText("Content-Length").isEmpty()
            && request.headerText("Transfer-Encoding").isEmpty())) {
      return deletion;
    }
    return deletion.with(object(request).object());
  }

  public static boolean dryRun(Request request) {
    for (String value : request.parameters("dryRun")) {
      if (!value.equals("All")) {
        throw Errors.badRequest(
            "dryRun: Unsupported value: \"" + value + "\": supported values: \"All\"");
      }
    }
    return !request.parameters("dryRun").isEmpty();
  }

  public static Call call(Request request, Identity who) {
    Call.Fields fields =
        switch (request.parameter("fieldValidation")) {
          case "Strict" -> Call.Fields.STRICT;
          case "Warn", "" -> Call.Fields.WARN;
          case "Ignore" -> Call.Fields.IGNORE;
          default ->
              throw Errors.badRequest(
                  "fieldValidation: Unsupported value: \""
                      + request.parameter("fieldValidation")
                      + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"");
        };
    return new Call(who, dryRun(request), fields, manager(request), "", new ArrayList<>());
  }

  /** As the client says, or its program by the first word of its user agent. */
  private static String manager(Request request) {
    String named = request.parameter("fieldManager");
    if (named.length() > LONGEST_MANAGER) {
      throw Errors.badRequest(
          "fieldManager: Invalid value: \"" + named + "\": must be at most 128 characters long");
    }
    if (!named.isEmpty()) {
      return named;
    }
    String agent = request.headerText("User-Agent").split("/", 2)[0];
    String known = agent.isBlank() ? "unknown" : agent;
    return known.substring(0, Math.min(known.length(), LONGEST_MANAGER));
  }
}
