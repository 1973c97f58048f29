package dev.weft.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.schema.BuiltInTypes;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.TypeRegistry;
import dev.weft.apiserver.select.LabelSelector;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Calls admission webhooks (admissionregistration.k8s.io/v1, AdmissionReview v1). Match conditions
 * are not evaluated: who configures some is warned that their webhook is called without. Nobody is
 * asked about sub-resources.
 */
public final class Webhooks {
  private static final TypeKey NAMESPACES = new TypeKey("", "namespaces");

  private final Store store;
  private final TypeRegistry registry;
  private final WebhookClient client;

  public Webhooks(Store store, TypeRegistry registry, WebhookClient client) {
    this.store = store;
    this.registry = registry;
    this.client = client;
  }

  /** One write that webhooks are asked about, and what it is about. */
  private record Question(
      Admission.Operation operation,
      KnownType known,
      Optional<ObjectNode> object,
      Optional<ObjectNode> old,
      Call call) {

    JsonNode metadata() {
      return object.or(() -> old).orElseThrow().path("metadata");
    }
  }

  public ObjectNode mutate(
      Admission.Operation operation,
      KnownType known,
      ObjectNode object,
      Optional<ObjectNode> old,
      Call call) {
    ObjectNode current = object;
    List<Called> called = new ArrayList<>();
    for (ObjectNode webhook : configured(BuiltInTypes.MUTATING_WEBHOOKS, known)) {
      Question question = new Question(operation, known, Optional.of(current), old, call);
      Optional<KnownType> as = wanted(webhook, question);
      if (as.isPresent()) {
        current = patched(webhook, current, ask(webhook, question, as.get()));
        called.add(new Called(webhook, as.get(), current));
      }
    }
    // Webhooks that ask for it see the object again if later ones changed it.
    for (Called before : called) {
      if (Json.text(before.webhook(), "reinvocationPolicy").equals("IfNeeded")
          && !Json.same(before.result(), current)) {
        Question question = new Question(operation, known, Optional.of(current), old, call);
        JsonNode response = ask(before.webhook(), question, before.as());
        current = patched(before.webhook(), current, response);
      }
    }
    return current;
  }

  /** A webhook that was asked, and the object after it. */
  private record Called(ObjectNode webhook, KnownType as, ObjectNode result) {}

  public void validate(
      Admission.Operation operation,
      KnownType known,
      Optional<ObjectNode> object,
      Optional<ObjectNode> old,
      Call call) {
    Question question = new Question(operation, known, object, old, call);
    if (operation == Admission.Operation.DELETE) {
      for (ObjectNode webhook : configured(BuiltInTypes.MUTATING_WEBHOOKS, known)) {
        wanted(webhook, question).ifPresent(as -> ask(webhook, question, as));
      }
    }
    for (ObjectNode webhook : configured(BuiltInTypes.VALIDATING_WEBHOOKS, known)) {
      wanted(webhook, question).ifPresent(as -> ask(webhook, question, as));
    }
  }

  /** In order of their configurations' names. Configurations themselves are exempt. */
  private List<ObjectNode> configured(ResourceType configuration, KnownType known) {
    if (known.createOnly() || known.type().group().equals(configuration.group())) {
      return List.of();
    }
    List<ObjectNode> webhooks = new ArrayList<>();
    for (StoredObject stored : store.list(TypeKey.of(configuration), "").objects()) {
      webhooks.addAll(Json.objects(stored.object().get("webhooks")));
    }
    return webhooks;
  }

  /** The version in which the webhook wants the object; empty where it is not interested. */
  private Optional<KnownType> wanted(JsonNode webhook, Question question) {
    Optional<KnownType> as =
        Json.objects(webhook.get("rules")).stream()
            .flatMap(rule -> versionFor(rule, webhook, question).stream())
            .findFirst();
    return as.isPresent() && selected(webhook, question) ? as : Optional.empty();
  }

  private Optional<KnownType> versionFor(JsonNode rule, JsonNode webhook, Question question) {
    ResourceType type = question.known().type();
    String scope = Json.text(rule, "scope");
    boolean inScope =
        switch (scope) {
          case "Cluster" -> !type.namespaced();
          case "Namespaced" -> type.namespaced();
          default -> true;
        };
    if (!inScope
        || !contains(rule, "operations", question.operation().name())
        || !contains(rule, "apiGroups", type.group())
        || !(contains(rule, "resources", type.plural())
            || Json.texts(rule.get("resources")).contains("*/*"))) {
      return Optional.empty();
    }
    if (contains(rule, "apiVersions", type.version())) {
      return Optional.of(question.known());
    }
    if (Json.text(webhook, "matchPolicy").equals("Exact")) {
      return Optional.empty();
    }
    return registry.all().stream()
        .filter(other -> other.key().equals(question.known().key()))
        .filter(other -> contains(rule, "apiVersions", other.type().version()))
        .findFirst();
  }

  private static boolean contains(JsonNode rule, String field, String value) {
    List<String> values = Json.texts(rule.get(field));
    return values.contains(value) || values.contains("*");
  }

  private boolean selected(JsonNode webhook, Question question) {
    LabelSelector objects = LabelSelector.of(webhook.path("objectSelector"));
    boolean object =
        question.object().map(o -> objects.matches(labels(o))).orElse(false)
            || question.old().map(o -> objects.matches(labels(o))).orElse(false);
    if (!object) {
      return false;
    }
    LabelSelector namespaces = LabelSelector.of(webhook.path("namespaceSelector"));
    if (namespaces.requirements().isEmpty()) {
      return true;
    }
    if (question.known().isNamespace()) {
      return namespaces.matches(question.metadata().path("labels"));
    }
    if (!question.known().type().namespaced()) {
      return true;
    }
    String namespace = Json.text(question.metadata(), "namespace");
    return store
        .head(NAMESPACES, new ObjectKey("", namespace))
        .map(stored -> namespaces.matches(labels(stored.object())))
        .orElse(false);
  }

  /** Warns of what a configuration asks for and does not get. */
  static void warn(ResourceType type, ObjectNode configuration, Call call) {
    if (!type.group().equals(BuiltInTypes.MUTATING_WEBHOOKS.group())) {
      return;
    }
    int index = 0;
    for (ObjectNode webhook : Json.objects(configuration.get("webhooks"))) {
      if (!webhook.path("matchConditions").isEmpty()) {
        call.warnings()
            .add(
                "webhooks["
                    + index
                    + "].matchConditions: this API server does not evaluate them; webhook \""
                    + Json.text(webhook, "name")
                    + "\" is called for every request that its rules and selectors match");
      }
      index++;
    }
  }

  private static JsonNode labels(JsonNode object) {
    return object.path("metadata").path("labels");
  }

  /** The response of a webhook that allows; {@code allowed} too where it may be ignored. */
  private JsonNode ask(ObjectNode webhook, Question question, KnownType as) {
    String name = Json.text(webhook, "name");
    if (question.call().dryRun()
        && !List.of("None", "NoneOnDryRun").contains(Json.text(webhook, "sideEffects"))) {
      throw Errors.badRequest("admission webhook \"" + name + "\" does not support dry run");
    }
    JsonNode response;
    try {
      String uid = UUID.randomUUID().toString();
      response = client.call(webhook, review(uid, question, as)).path("response");
      if (!Json.text(response, "uid").equals(uid)) {
        throw new IOException(
            "the answer is for request \""
                + Json.text(response, "uid")
                + "\", not \""
                + uid
                + "\"");
      }
    } catch (IOException e) {
      if (Json.text(webhook, "failurePolicy").equals("Ignore")) {
        return Json.object().put("allowed", true);
      }
      throw Errors.internal(
          "failed calling webhook \"" + name + "\": failed to call webhook: " + e.getMessage());
    }
    for (String warning : Json.texts(response.get("warnings"))) {
      question.call().warnings().add(warning);
    }
    if (!response.path("allowed").asBoolean()) {
      throw denied(name, response.path("status"));
    }
    return response;
  }

  private static ApiException denied(String webhook, JsonNode status) {
    String message = Json.text(status, "message");
    String reason = Json.text(status, "reason");
    String why =
        !message.isEmpty()
            ? ": " + message
            : !reason.isEmpty() ? ": " + reason : " without explanation";
    return new ApiException(
        Math.max(400, Math.min(599, status.path("code").asInt(400))),
        reason,
        "admission webhook \"" + webhook + "\" denied the request" + why);
  }

  private static ObjectNode review(String uid, Question question, KnownType as) {
    ResourceType type = question.known().type();
    ObjectNode review =
        Json.object().put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
    ObjectNode request = review.putObject("request").put("uid", uid);
    request.set("kind", kind(as.type()));
    request.set("resource", resource(as.type()));
    request.set("requestKind", kind(type));
    request.set("requestResource", resource(type));
    JsonNode metadata = question.metadata();
    if (Json.has(metadata, "name")) {
      request.put("name", Json.text(metadata, "name"));
    }
    if (type.namespaced()) {
      request.put("namespace", Json.text(metadata, "namespace"));
    } else if (question.known().isNamespace()) {
      request.put("namespace", Json.text(metadata, "name"));
    }
    request.put("operation", question.operation().name());
    Identity who = question.call().who();
    ObjectNode user = request.putObject("userInfo").put("username", who.name());
    if (!who.uid().isEmpty()) {
      user.put("uid", who.uid());
    }
    user.set("groups", Json.strings(who.groups()));
    request.set("object", shown(as, question.object()));
    request.set("oldObject", shown(as, question.old()));
    request.put("dryRun", question.call().dryRun());
    String options =
        switch (question.operation()) {
          case CREATE -> "CreateOptions";
          case UPDATE -> "UpdateOptions";
          case DELETE -> "DeleteOptions";
        };
    request.putObject("options").put("kind", options).put("apiVersion", "meta.k8s.io/v1");
    return review;
  }

  private static JsonNode shown(KnownType as, Optional<ObjectNode> object) {
    return object.<JsonNode>map(o -> as.shown(o)).orElse(Json.NODES.nullNode());
  }

  private static ObjectNode kind(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  private static ObjectNode resource(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("resource", type.plural());
  }

  private static ObjectNode patched(ObjectNode webhook, ObjectNode object, JsonNode response) {
    String patch = Json.text(response, "patch");
    if (patch.isEmpty()) {
      return object;
    }
    String name = Json.text(webhook, "name");
    String apiVersion = Json.text(object, "apiVersion");
    try {
      byte[] text = Base64.getDecoder().decode(patch);
      JsonNode operations = Json.read(text, new ArrayList<>());
      if (JsonPatch.apply(object.deepCopy(), operations) instanceof ObjectNode next) {
        return next.put("apiVersion", apiVersion);
      }
      throw Errors.internal("webhook \"" + name + "\" replaced the object by something else");
    } catch (IllegalArgumentException | ApiException e) {
      throw Errors.internal(
          "failed calling webhook \""
              + name
              + "\": its patch cannot be applied: "
              + e.getMessage());
    }
  }
}
