package dev.weft.apiserver.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import java.util.List;
import java.util.stream.Collectors;

/** The refusals of a Kubernetes API server, in its words (k8s.io/apimachinery pkg/api/errors). */
public final class Errors {
  private Errors() {}

  public static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  public static ApiException unauthorized() {
    return new ApiException(401, "Unauthorized", "Unauthorized");
  }

  public static ApiException noSuchResource() {
    return new ApiException(404, "NotFound", "the server could not find the requested resource");
  }

  /** How messages name where something is. */
  public static String scope(String namespace) {
    return namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
  }

  public static ApiException notFound(ResourceType type, String name) {
    return new ApiException(
        404, "NotFound", qualified(type) + " \"" + name + "\" not found", details(type, name));
  }

  public static ApiException alreadyExists(ResourceType type, String name) {
    return new ApiException(
        409,
        "AlreadyExists",
        qualified(type) + " \"" + name + "\" already exists",
        details(type, name));
  }

  public static ApiException conflict(ResourceType type, String name, String why) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + qualified(type) + " \"" + name + "\": " + why,
        details(type, name));
  }

  public static ApiException stale(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  public static ApiException forbidden(ResourceType type, String name, String why) {
    return new ApiException(
        403,
        "Forbidden",
        qualified(type) + (name.isEmpty() ? "" : " \"" + name + "\"") + " is forbidden: " + why,
        details(type, name));
  }

  public static ApiException invalid(ResourceType type, String name, List<FieldError> errors) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    String all = errors.stream().map(FieldError::toString).collect(Collectors.joining(", "));
    ObjectNode details = details(type, name);
    details.put("kind", type.kind());
    ArrayNode causes = details.putArray("causes");
    for (FieldError error : errors) {
      causes
          .addObject()
          .put("reason", error.reason())
          .put("message", error.message())
          .put("field", error.field());
    }
    return new ApiException(
        422,
        "Invalid",
        kind + " \"" + name + "\" is invalid: " + (errors.size() == 1 ? all : "[" + all + "]"),
        details);
  }

  public static ApiException expired(long asked, long oldest) {
    return new ApiException(
        410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
  }

  public static ApiException methodNotAllowed() {
    return new ApiException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  public static ApiException unsupportedMediaType(String message) {
    return new ApiException(415, "UnsupportedMediaType", message);
  }

  public static ApiException internal(String message) {
    return new ApiException(500, "InternalError", "Internal error occurred: " + message);
  }

  /** {@code pods}, {@code deployments.apps}: as messages name a type. */
  static String qualified(ResourceType type) {
    return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
  }

  private static ObjectNode details(ResourceType type, String name) {
    ObjectNode details = Json.object().put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    return details.put("kind", type.plural());
  }

  /** The {@code Status} object that says so on the wire. */
  public static ObjectNode status(ApiException e) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    ObjectNode metadata = status.putObject("metadata");
    if (!e.next().isEmpty()) {
      metadata.put("continue", e.next());
    }
    status.put("status", "Failure").put("message", e.getMessage()).put("reason", e.reason());
    // Also where it says nothing: kubectl debug looks into it without asking whether it is there.
    status.set("details", e.details());
    return status.put("code", e.code());
  }
}
