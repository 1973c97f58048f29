package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.auth.Authenticator;
import dev.weft.apiserver.auth.Authorizer;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.kind.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects that are questions: whose token is this, may somebody do that. */
public final class Reviews {
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Tokens tokens;

  public Reviews(Authenticator authenticator, Authorizer authorizer, Tokens tokens) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.tokens = tokens;
  }

  public ObjectNode answer(ResourceType type, String namespace, ObjectNode review, Identity who) {
    Metadata.checkType(type, review);
    Json.meta(review);
    ObjectNode status = review.putObject("status");
    JsonNode spec = review.path("spec");
    switch (type.kind()) {
      case "TokenReview" -> token(spec, status);
      case "SelfSubjectReview" -> status.set("userInfo", user(who));
      case "SelfSubjectAccessReview" -> access(who, spec, namespace, status);
      case "SubjectAccessReview", "LocalSubjectAccessReview" ->
          access(subject(spec), spec, namespace, status);
      case "SelfSubjectRulesReview" -> rules(who, Json.text(spec, "namespace"), status);
      default -> throw Errors.noSuchResource();
    }
    return review;
  }

  private void token(JsonNode spec, ObjectNode status) {
    String token = Json.text(spec, "token");
    if (token.isEmpty()) {
      throw Errors.badRequest("token is required for TokenReview in authentication");
    }
    List<String> audiences = Json.texts(spec.get("audiences"));
    Optional<Tokens.Verified> verified = tokens.verify(token, audiences);
    if (verified.isPresent()) {
      status.put("authenticated", true);
      status.set("user", user(verified.get().who()));
      status.set("audiences", Json.strings(verified.get().audiences()));
      return;
    }
    boolean forUs = audiences.isEmpty() || audiences.contains(Tokens.ISSUER);
    Optional<Identity> who = forUs ? authenticator.identify("Bearer " + token) : Optional.empty();
    status.put("authenticated", who.isPresent());
    status.set("user", who.map(Reviews::user).orElseGet(Json::object));
    if (who.isPresent()) {
      status.set("audiences", Json.strings(List.of(Tokens.ISSUER)));
    } else {
      status.put(
          "error",
          "[invalid bearer token, token is expired, forged, revoked or for another audience]");
    }
  }

  private static ObjectNode user(Identity who) {
    ObjectNode user = Json.object().put("username", who.name());
    if (!who.uid().isEmpty()) {
      user.put("uid", who.uid());
    }
    user.set("groups", Json.strings(who.groups()));
    if (!who.extra().isEmpty()) {
      ObjectNode extra = user.putObject("extra");
      who.extra().forEach((key, values) -> extra.set(key, Json.strings(values)));
    }
    return user;
  }

  private static Identity subject(JsonNode spec) {
    Map<String, List<String>> extra = new HashMap<>();
    spec.path("extra").properties().forEach(e -> extra.put(e.getKey(), Json.texts(e.getValue())));
    List<String> groups = new ArrayList<>(Json.texts(spec.get("groups")));
    return new Identity(Json.text(spec, "user"), Json.text(spec, "uid"), groups, extra);
  }

  private void access(Identity who, JsonNode spec, String namespace, ObjectNode status) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw Errors.badRequest(
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    Authorizer.Action action =
        resource.isObject()
            ? new Authorizer.Action(
                Json.text(resource, "verb"),
                Json.text(resource, "group"),
                Json.text(resource, "version"),
                Json.text(resource, "resource"),
                Json.text(resource, "subresource"),
                namespace.isEmpty() ? Json.text(resource, "namespace") : namespace,
                Json.text(resource, "name"),
                "")
            : new Authorizer.Action(
                Json.text(path, "verb"), "", "", "", "", "", "", Json.text(path, "path"));
    status.put("allowed", authorizer.allows(who, action));
  }

  private void rules(Identity who, String namespace, ObjectNode status) {
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    for (ObjectNode rule : authorizer.rules(who, namespace)) {
      if (rule.path("nonResourceURLs").isEmpty()) {
        resources.add(rule);
      } else {
        paths
            .addObject()
            .<ObjectNode>set("verbs", rule.path("verbs"))
            .set("nonResourceURLs", rule.get("nonResourceURLs"));
      }
    }
    status.put("incomplete", false);
  }
}
