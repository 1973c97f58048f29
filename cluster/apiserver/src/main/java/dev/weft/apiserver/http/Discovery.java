package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.TypeRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells clients which types there are: aggregated (v2, v2beta1) and the older lists. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> PART_VERBS = List.of("get", "patch", "update");
  private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

  private final TypeRegistry registry;

  Discovery(TypeRegistry registry) {
    this.registry = registry;
  }

  /** A sub-resource and the kind that it speaks. */
  private record Part(String name, String group, String version, String kind, List<String> verbs) {}

  private static List<Part> parts(KnownType known) {
    ResourceType type = known.type();
    List<Part> parts = new ArrayList<>();
    if (known.status()) {
      parts.add(new Part("status", type.group(), type.version(), type.kind(), PART_VERBS));
    }
    if (known.scale().isPresent()) {
      parts.add(new Part("scale", "autoscaling", "v1", "Scale", PART_VERBS));
    }
    switch (known.key().text()) {
      case "namespaces" ->
          parts.add(new Part("finalize", "", "v1", "Namespace", List.of("update")));
      case "serviceaccounts" ->
          parts.add(
              new Part("token", "authentication.k8s.io", "v1", "TokenRequest", List.of("create")));
      case "pods" -> {
        List<String> both = List.of("create", "get");
        parts.add(new Part("log", "", "v1", "Pod", List.of("get")));
        parts.add(new Part("attach", "", "v1", "PodAttachOptions", both));
        parts.add(new Part("exec", "", "v1", "PodExecOptions", both));
        parts.add(new Part("portforward", "", "v1", "PodPortForwardOptions", both));
        parts.add(new Part("eviction", "policy", "v1", "Eviction", List.of("create")));
      }
      default -> {}
    }
    return parts;
  }

  private static List<String> verbs(KnownType known) {
    return known.createOnly() ? List.of("create") : VERBS;
  }

  /** Stable versions before beta before alpha, newer before older. */
  static List<String> ordered(Iterable<String> versions) {
    List<String> list = new ArrayList<>();
    versions.forEach(list::add);
    list.sort(
        Comparator.<String>comparingInt(v -> stage(v))
            .thenComparingInt(v -> -major(v))
            .thenComparingInt(v -> -minor(v))
            .thenComparing(v -> v));
    return list;
  }

  private static int stage(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return 3;
    }
    return matcher.group(2) == null ? 0 : matcher.group(2).equals("beta") ? 1 : 2;
  }

  private static int major(String version) {
    return part(version, 1);
  }

  private static int minor(String version) {
    return part(version, 3);
  }

  private static int part(String version, int group) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches() || matcher.group(group) == null) {
      return 0;
    }
    return Integer.parseInt(matcher.group(group));
  }

  /** What {@code /api} ({@code core}) and {@code /apis} say. */
  Answer root(Request request, boolean core) {
    String accept = request.headerText("Accept");
    for (String version : List.of("v2", "v2beta1")) {
      if (accept.contains("g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList")) {
        return new Answer.Body(
            200,
            "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList",
            Json.bytes(aggregated(core, version)),
            List.of());
      }
    }
    return Answer.json(200, core ? coreVersions() : groups());
  }

  private ObjectNode aggregated(boolean core, String version) {
    ObjectNode list =
        Json.object()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", "apidiscovery.k8s.io/" + version);
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    registry
        .byGroup()
        .forEach(
            (group, versions) -> {
              if (group.isEmpty() != core) {
                return;
              }
              ObjectNode item = items.addObject();
              ObjectNode metadata = item.putObject("metadata");
              if (!core) {
                metadata.put("name", group);
              }
              metadata.putNull("creationTimestamp");
              ArrayNode versionList = item.putArray("versions");
              for (String name : ordered(versions.keySet())) {
                ObjectNode entry = versionList.addObject().put("version", name);
                ArrayNode resources = entry.putArray("resources");
                versions.getOrDefault(name, List.of()).forEach(k -> resources.add(aggregated(k)));
                entry.put("freshness", "Current");
              }
            });
    return list;
  }

  private static ObjectNode aggregated(KnownType known) {
    ResourceType type = known.type();
    ObjectNode resource = Json.object().put("resource", type.plural());
    resource.set("responseKind", kind(type.group(), type.version(), type.kind()));
    resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    resource.put("singularResource", known.singular());
    resource.set("verbs", Json.strings(verbs(known)));
    if (!known.shortNames().isEmpty()) {
      resource.set("shortNames", Json.strings(known.shortNames()));
    }
    if (!known.categories().isEmpty()) {
      resource.set("categories", Json.strings(known.categories()));
    }
    List<Part> parts = parts(known);
    if (!parts.isEmpty()) {
      ArrayNode list = resource.putArray("subresources");
      for (Part part : parts) {
        ObjectNode entry = list.addObject().put("subresource", part.name());
        entry.set("responseKind", kind(part.group(), part.version(), part.kind()));
        entry.set("verbs", Json.strings(part.verbs()));
      }
    }
    return resource;
  }

  private static ObjectNode kind(String group, String version, String kind) {
    return Json.object().put("group", group).put("version", version).put("kind", kind);
  }

  private static ObjectNode coreVersions() {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  private ObjectNode groups() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    registry
        .byGroup()
        .forEach(
            (group, versions) -> {
              if (!group.isEmpty()) {
                groups.add(group(group, versions));
              }
            });
    return list;
  }

  private static ObjectNode group(String group, Map<String, List<KnownType>> versions) {
    ObjectNode entry = Json.object().put("name", group);
    ArrayNode list = entry.putArray("versions");
    List<String> names = ordered(versions.keySet());
    for (String name : names) {
      list.addObject().put("groupVersion", group + "/" + name).put("version", name);
    }
    entry
        .putObject("preferredVersion")
        .put("groupVersion", group + "/" + names.getFirst())
        .put("version", names.getFirst());
    return entry;
  }

  /** What {@code /apis/group} says. */
  Answer group(String name) {
    Map<String, List<KnownType>> versions = registry.byGroup().get(name);
    if (versions == null || name.isEmpty()) {
      throw Errors.noSuchResource();
    }
    ObjectNode group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    group.setAll(group(name, versions));
    return Answer.json(200, group);
  }

  /** What {@code /api/v1} and {@code /apis/group/version} say. */
  Answer resources(String group, String version) {
    Map<String, List<KnownType>> versions = registry.byGroup().get(group);
    List<KnownType> types = versions == null ? null : versions.get(version);
    if (types == null) {
      throw Errors.noSuchResource();
    }
    String groupVersion = group.isEmpty() ? version : group + "/" + version;
    ObjectNode list =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", groupVersion);
    ArrayNode resources = list.putArray("resources");
    for (KnownType known : types) {
      ResourceType type = known.type();
      ObjectNode entry =
          resources
              .addObject()
              .put("name", type.plural())
              .put("singularName", known.singular())
              .put("namespaced", type.namespaced())
              .put("kind", type.kind());
      entry.set("verbs", Json.strings(verbs(known)));
      if (!known.shortNames().isEmpty()) {
        entry.set("shortNames", Json.strings(known.shortNames()));
      }
      if (!known.categories().isEmpty()) {
        entry.set("categories", Json.strings(known.categories()));
      }
      for (Part part : parts(known)) {
        resources
            .addObject()
            .put("name", type.plural() + "/" + part.name())
            .put("singularName", "")
            .put("namespaced", type.namespaced())
            .put("group", part.group())
            .put("version", part.version())
            .put("kind", part.kind())
            .set("verbs", Json.strings(part.verbs()));
      }
    }
    return Answer.json(200, list);
  }
}
