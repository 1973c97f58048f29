package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Names;
import dev.weft.apiserver.schema.KnownType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules for {@code metadata} that hold for every type. */
public final class Metadata {
  /** Set by the server alone. */
  private static final List<String> SYSTEM =
      List.of(
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink");

  /** Types whose names are more than subdomains, because something else is encoded in them. */
  private static final Set<String> RBAC =
      Set.of("roles", "rolebindings", "clusterroles", "clusterrolebindings");

  /** Of all annotations of an object, keys and values (apimachinery: TotalAnnotationSizeLimitB). */
  private static final int LARGEST_ANNOTATIONS = 256 << 10;

  private Metadata() {}

  public static void checkType(ResourceType type, ObjectNode object) {
    String apiVersion = Json.text(object, "apiVersion");
    String kind = Json.text(object, "kind");
    if (apiVersion.isEmpty() || kind.isEmpty()) {
      ObjectNode copy = Json.shallow(object);
      object.removeAll();
      object.put("apiVersion", apiVersion.isEmpty() ? type.apiVersion() : apiVersion);
      object.put("kind", kind.isEmpty() ? type.kind() : kind);
      copy.properties().forEach(e -> object.putIfAbsent(e.getKey(), e.getValue()));
    }
    if (!apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion())) {
      throw Errors.badRequest(
          "the API version in the data ("
              + apiVersion
              + ") does not match the expected API version ("
              + type.apiVersion()
              + ")");
    }
    if (!kind.isEmpty() && !kind.equals(type.kind())) {
      throw Errors.badRequest(
          "the kind in the data ("
              + kind
              + ") does not match the expected kind ("
              + type.kind()
              + ")");
    }
  }

  /** Fills the namespace in; 400 where it contradicts the request. */
  public static void checkNamespace(ResourceType type, String namespace, ObjectNode meta) {
    if (!type.namespaced()) {
      meta.remove("namespace");
      return;
    }
    String own = Json.text(meta, "namespace");
    if (namespace.isEmpty()) {
      throw Errors.badRequest(
          "an empty namespace may not be set during creation of " + type.kind());
    }
    if (own.isEmpty()) {
      meta.put("namespace", namespace);
    } else if (!own.equals(namespace)) {
      throw Errors.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request ("
              + own
              + " and "
              + namespace
              + ")");
    }
  }

  public static void initialize(ObjectNode object, String uid, Instant now) {
    ObjectNode meta = Json.meta(object);
    SYSTEM.forEach(meta::remove);
    meta.remove("resourceVersion");
    meta.put("uid", uid);
    meta.put("creationTimestamp", now.toString());
  }

  /** 409 or 400 where an update is not about the object that is there. */
  public static void checkUpdate(ResourceType type, String name, ObjectNode old, ObjectNode meta) {
    String wantedName = Json.text(meta, "name");
    if (wantedName.isEmpty()) {
      meta.put("name", name);
    } else if (!wantedName.equals(name)) {
      throw Errors.badRequest(
          "the name of the object ("
              + wantedName
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    String uid = Json.text(meta, "uid");
    String oldUid = Json.text(old, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(oldUid)) {
      throw Errors.conflict(
          type,
          name,
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + oldUid);
    }
    String version = Json.text(meta, "resourceVersion");
    String oldVersion = Json.text(old, "metadata", "resourceVersion");
    if (!version.isEmpty() && !version.equals("0") && !version.equals(oldVersion)) {
      throw Errors.stale(type, name);
    }
    meta.put("resourceVersion", oldVersion);
  }

  public static void keepSystemFields(ObjectNode old, ObjectNode wanted) {
    ObjectNode meta = Json.meta(wanted);
    JsonNode oldMeta = old.path("metadata");
    for (String field : SYSTEM) {
      if (oldMeta.has(field)) {
        meta.set(field, oldMeta.get(field));
      } else {
        meta.remove(field);
      }
    }
    // An empty list takes all ownership away; leaving it out leaves it as it is.
    if (!meta.has("managedFields") && oldMeta.has("managedFields")) {
      meta.set("managedFields", oldMeta.get("managedFields"));
    } else if (meta.path("managedFields").isEmpty()) {
      meta.remove("managedFields");
    }
  }

  /** Everything besides metadata and status is what a generation counts. */
  public static void bumpGeneration(KnownType known, ObjectNode old, ObjectNode next) {
    if (!Json.has(old, "metadata", "generation")) {
      return;
    }
    ObjectNode a = Json.shallow(old);
    ObjectNode b = Json.shallow(next);
    a.remove("metadata");
    b.remove("metadata");
    if (known.status()) {
      a.remove("status");
      b.remove("status");
    }
    if (!Json.same(a, b)) {
      Json.meta(next).put("generation", old.get("metadata").get("generation").asLong() + 1);
    }
  }

  /** Whether a deleted object has nothing left that keeps it. */
  public static boolean finished(KnownType known, ObjectNode object) {
    JsonNode meta = object.path("metadata");
    boolean namespace = known.isNamespace();
    return Json.has(meta, "deletionTimestamp")
        && meta.path("finalizers").isEmpty()
        && meta.path("deletionGracePeriodSeconds").asInt() == 0
        && !(namespace && !object.path("spec").path("finalizers").isEmpty());
  }

  /** Names, labels, annotations, owner references. */
  public static void validate(ResourceType type, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    ObjectNode meta = Json.meta(object);
    String name = Json.text(meta, "name");
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
    } else {
      checkName(type, name, errors);
    }
    for (Map.Entry<String, JsonNode> label : meta.path("labels").properties()) {
      if (!Names.labelKey(label.getKey())) {
        errors.add(FieldError.invalid("metadata.labels", label.getKey(), Names.KEY_RULE));
      }
      if (!Names.labelValue(label.getValue().asText())) {
        errors.add(
            FieldError.invalid("metadata.labels", label.getValue().asText(), Names.VALUE_RULE));
      }
    }
    long annotations = 0;
    for (Map.Entry<String, JsonNode> annotation : meta.path("annotations").properties()) {
      annotations +=
          Names.utf8Length(annotation.getKey()) + Names.utf8Length(annotation.getValue().asText());
      if (!Names.labelKey(annotation.getKey().toLowerCase(java.util.Locale.ROOT))) {
        errors.add(FieldError.invalid("metadata.annotations", annotation.getKey(), Names.KEY_RULE));
      }
    }
    if (annotations > LARGEST_ANNOTATIONS) {
      errors.add(FieldError.tooLong("metadata.annotations", LARGEST_ANNOTATIONS));
    }
    int index = 0;
    for (ObjectNode owner : Json.objects(meta.get("ownerReferences"))) {
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Json.text(owner, field).isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences[" + index + "]." + field, "", "must not be empty"));
        }
      }
      index++;
    }
    if (!errors.isEmpty()) {
      throw Errors.invalid(type, name, errors);
    }
  }

  private static void checkName(ResourceType type, String name, List<FieldError> errors) {
    if (type.group().isEmpty() && type.plural().equals("services")) {
      if (!Names.service(name)) {
        errors.add(FieldError.invalid("metadata.name", name, Names.SERVICE_RULE));
      }
    } else if (type.group().isEmpty() && type.plural().equals("namespaces")) {
      if (!Names.label(name)) {
        errors.add(FieldError.invalid("metadata.name", name, Names.LABEL_RULE));
      }
    } else if (RBAC.contains(type.plural())) {
      if (!Names.pathSegment(name)) {
        errors.add(FieldError.invalid("metadata.name", name, "may not contain '/' or '%'"));
      }
    } else if (!Names.subdomain(name)) {
      errors.add(FieldError.invalid("metadata.name", name, Names.SUBDOMAIN_RULE));
    }
  }
}
