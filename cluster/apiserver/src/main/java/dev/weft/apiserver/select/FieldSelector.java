package dev.weft.apiserver.select;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A field selector, such as {@code metadata.name=web,status.phase!=Running}. */
record FieldSelector(List<Term> terms) {
  static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  /** {@code path} in dots. */
  record Term(String path, boolean equal, String value) {}

  /** What a type can be selected by besides name and namespace. */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "events",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"),
          "secrets",
          Set.of("type"),
          "nodes",
          Set.of("spec.unschedulable"),
          "namespaces",
          Set.of("status.phase"),
          "services",
          Set.of("spec.clusterIP", "spec.type"),
          "replicasets",
          Set.of("status.replicas"));

  /**
   * Reads the text form.
   *
   * @throws ApiException 400 where it is malformed or names a field that the type has no index for
   */
  static FieldSelector parse(ResourceType type, String text) {
    if (text.isBlank()) {
      return EVERYTHING;
    }
    List<Term> terms = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw Errors.badRequest(
            "invalid selector: '" + text + "'; can't understand '" + part + "'");
      }
      boolean not = part.charAt(equals - 1) == '!';
      String path = part.substring(0, not ? equals - 1 : equals).strip();
      String value = part.substring(part.startsWith("==", equals) ? equals + 2 : equals + 1);
      if (!path.equals("metadata.name")
          && !path.equals("metadata.namespace")
          && !FIELDS.getOrDefault(type.plural(), Set.of()).contains(path)) {
        throw Errors.badRequest("field label not supported: " + path);
      }
      terms.add(new Term(path, !not, value));
    }
    return new FieldSelector(terms);
  }

  boolean matches(JsonNode object) {
    for (Term term : terms) {
      JsonNode field = object;
      for (String key : term.path().split("\\.", -1)) {
        field = field.path(key);
      }
      String text = field.asText("");
      if (term.path().equals("spec.unschedulable") && text.isEmpty()) {
        text = "false";
      }
      if (text.equals(term.value()) != term.equal()) {
        return false;
      }
    }
    return true;
  }
}
