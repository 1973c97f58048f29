package dev.weft.apiserver.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Nobody gives away more than they have: who writes a role holds its rules or may {@code escalate},
 * who binds one holds them or may {@code bind} (kubernetes pkg/registry/rbac).
 */
public final class Escalation {
  private final Authorizer authorizer;
  private final RoleRules roles;

  public Escalation(Store store, Authorizer authorizer) {
    this.authorizer = authorizer;
    this.roles = new RoleRules(store);
  }

  /** 403 where a role or binding of {@code who} would grant what they do not hold. */
  public void check(ResourceType type, ObjectNode object, Optional<ObjectNode> old, Identity who) {
    if (!type.group().equals(RoleRules.GROUP)) {
      return;
    }
    String namespace = type.namespaced() ? Json.text(object, "metadata", "namespace") : "";
    String name = Json.text(object, "metadata", "name");
    boolean binding = type.plural().endsWith("bindings");
    JsonNode granted = binding ? object.path("subjects") : object.path("rules");
    String field = binding ? "subjects" : "rules";
    if (old.isPresent() && old.get().path(field).equals(granted)) {
      return;
    }
    JsonNode reference = object.path("roleRef");
    String plural =
        binding
            ? (Json.text(reference, "kind").equals("ClusterRole") ? "clusterroles" : "roles")
            : type.plural();
    Authorizer.Action action =
        new Authorizer.Action(
            binding ? "bind" : "escalate",
            RoleRules.GROUP,
            "v1",
            plural,
            "",
            namespace,
            binding ? Json.text(reference, "name") : name,
            "");
    if (authorizer.allows(who, action)) {
      return;
    }
    List<ObjectNode> rules =
        binding
            ? roles
                .behind(reference, namespace)
                .orElseThrow(
                    () ->
                        Errors.forbidden(
                            type,
                            name,
                            Json.text(reference, "kind")
                                + " \""
                                + Json.text(reference, "name")
                                + "\" not found"))
            : roles.of(object);
    List<ObjectNode> held = authorizer.rules(who, namespace);
    List<String> missing =
        rules.stream().filter(rule -> !covered(rule, held)).map(Escalation::shown).toList();
    if (!missing.isEmpty()) {
      throw Errors.forbidden(
          type,
          name,
          "user \""
              + who.name()
              + "\" (groups="
              + Json.strings(who.groups())
              + ") is attempting to grant RBAC permissions not currently held:\n"
              + String.join("\n", missing));
    }
  }

  /** Whether every single thing that a rule allows is allowed by one of {@code held}. */
  static boolean covered(JsonNode rule, List<ObjectNode> held) {
    return parts(rule).stream()
        .allMatch(part -> held.stream().anyMatch(own -> RbacAuthorizer.matches(own, part)));
  }

  private static List<Authorizer.Action> parts(JsonNode rule) {
    List<Authorizer.Action> parts = new ArrayList<>();
    List<String> names = Json.texts(rule.get("resourceNames"));
    for (String verb : Json.texts(rule.get("verbs"))) {
      for (String url : Json.texts(rule.get("nonResourceURLs"))) {
        parts.add(new Authorizer.Action(verb, "", "", "", "", "", "", url));
      }
      for (String group : Json.texts(rule.get("apiGroups"))) {
        for (String resource : Json.texts(rule.get("resources"))) {
          int slash = resource.indexOf('/');
          String plural = slash < 0 ? resource : resource.substring(0, slash);
          String part = slash < 0 ? "" : resource.substring(slash + 1);
          for (String name : names.isEmpty() ? List.of("") : names) {
            parts.add(new Authorizer.Action(verb, group, "", plural, part, "", name, ""));
          }
        }
      }
    }
    return parts;
  }

  /** As Go prints a rule. */
  private static String shown(JsonNode rule) {
    List<String> fields = new ArrayList<>();
    for (String field :
        List.of("apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs")) {
      if (!rule.path(field).isEmpty()) {
        String title = Character.toUpperCase(field.charAt(0)) + field.substring(1);
        fields.add(
            title.replace("ApiGroups", "APIGroups")
                + ":["
                + Json.texts(rule.get(field)).stream()
                    .map(value -> '"' + value + '"')
                    .collect(Collectors.joining(" "))
                + "]");
      }
    }
    return "{" + String.join(", ", fields) + "}";
  }
}
