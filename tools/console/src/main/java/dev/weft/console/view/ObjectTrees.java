package dev.weft.console.view;

import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectRef;
import dev.weft.types.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Objects of the config API as trees: where they are, and what people edit of them. */
public final class ObjectTrees {
  // What the server keeps for itself; the resource version stays, so that nobody overwrites others.
  private static final Set<String> OF_THE_SERVER =
      Set.of("managedFields", "uid", "generation", "selfLink", "creationTimestamp");
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  // RFC 1123, as Kubernetes has it for the names of objects.
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private ObjectTrees() {}

  /** Whether an object can have the name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Text that names no object of the mesh. */
  public static final class UnknownObjectException extends Exception {
    private final String path;

    UnknownObjectException(String path, String message) {
      super(message);
      this.path = path;
    }

    /** The field that is to blame. */
    public String path() {
      return path;
    }
  }

  /** The kind of that name, as users write it. */
  public static Optional<ConfigKind> kind(String name) {
    for (ConfigKind each : ConfigKind.values()) {
      if (each.kind().equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Which object a tree is. */
  public static ObjectRef ref(Map<String, ?> tree) throws UnknownObjectException {
    String version = string(tree, "apiVersion");
    String name = string(tree, "kind");
    ConfigKind kind =
        kind(name)
            .orElseThrow(
                () ->
                    new UnknownObjectException(
                        "kind",
                        name.isEmpty()
                            ? "kind is missing"
                            : "kind '" + name + "' is none of the mesh's configuration"));
    List<String> versions = kind.versions().stream().map(v -> kind.group() + "/" + v).toList();
    if (!versions.contains(version)) {
      throw new UnknownObjectException(
          "apiVersion",
          "apiVersion of a " + name + " is '" + version + "', but must be one of " + versions);
    }
    Map<?, ?> metadata = tree.get("metadata") instanceof Map<?, ?> m ? m : Map.of();
    String called = metadata.get("name") instanceof String n ? n : "";
    if (!isName(called)) {
      throw new UnknownObjectException(
          "metadata.name", "metadata.name is '" + called + "', but must be a DNS name");
    }
    String namespace = metadata.get("namespace") instanceof String n ? n : "";
    if (kind.namespaced() && !Names.isLabel(namespace)) {
      throw new UnknownObjectException(
          "metadata.namespace",
          "metadata.namespace is '" + namespace + "', but a " + name + " needs a namespace");
    }
    return new ObjectRef(kind, kind.namespaced() ? namespace : "", called);
  }

  private static String string(Map<String, ?> tree, String field) {
    return tree.get(field) instanceof String text ? text : "";
  }

  /** The path of the collection that it is in. */
  public static String collection(ObjectRef ref) {
    ConfigKind kind = ref.kind();
    return "/apis/"
        + apiVersion(kind)
        + (ref.namespace().isEmpty() ? "" : "/namespaces/" + ref.namespace())
        + "/"
        + kind.plural();
  }

  /** Its path at the config API. */
  public static String path(ObjectRef ref) {
    return collection(ref) + "/" + ref.name();
  }

  static String apiVersion(ConfigKind kind) {
    return kind.group() + "/" + kind.versions().getFirst();
  }

  /** What people see of an object that the server has. */
  public static Map<String, Object> edited(Map<String, Object> stored) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (String first : List.of("apiVersion", "kind", "metadata", "spec")) {
      Object value = stored.get(first);
      if (value != null) {
        tree.put(first, value);
      }
    }
    stored.forEach(
        (field, value) -> {
          if (!field.equals("status")) {
            tree.putIfAbsent(field, value);
          }
        });
    if (stored.get("metadata") instanceof Map<?, ?> metadata) {
      tree.put("metadata", metadata(metadata));
    }
    return tree;
  }

  private static Map<String, Object> metadata(Map<?, ?> stored) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String first : List.of("name", "namespace")) {
      if (stored.get(first) instanceof String text) {
        metadata.put(first, text);
      }
    }
    stored.forEach(
        (field, value) -> {
          if (!OF_THE_SERVER.contains(String.valueOf(field)) && value != null) {
            metadata.putIfAbsent(String.valueOf(field), value);
          }
        });
    if (metadata.get("annotations") instanceof Map<?, ?> annotations) {
      Map<Object, Object> kept = new LinkedHashMap<>(annotations);
      kept.remove(LAST_APPLIED);
      if (kept.isEmpty()) {
        metadata.remove("annotations");
      } else {
        metadata.put("annotations", kept);
      }
    }
    return metadata;
  }
}
