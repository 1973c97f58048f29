package dev.weft.control.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a CustomResourceDefinition of the config API. Definitions that the mesh made
 * carry a digest of what they were made from, and follow this build; those that somebody else
 * installed, be it an Istio or a chart, are theirs.
 */
final class CrdUpkeep {
  private static final String MARK = "mesh.weft.dev/schema";
  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
  private static final int MAX = 8;

  private CrdUpkeep() {}

  /** What to do with a definition that is there. */
  sealed interface Decision {
    /** It is of this build. */
    record Keep() implements Decision {}

    /** It is the mesh's, of another build. */
    record Update(Map<String, Object> definition) implements Decision {}

    /**
     * It is somebody else's.
     *
     * @param lacks what this build reads and it does not have, such as {@code version v1} or {@code
     *     spec.http.timeout}; empty where it has everything
     */
    record Leave(List<String> lacks) implements Decision {
      public Leave {
        lacks = List.copyOf(lacks);
      }
    }
  }

  /** The definition to create. */
  static Map<String, Object> marked(Map<String, Object> wanted) {
    return with(wanted, Map.of(MARK, mark(wanted)), null);
  }

  /**
   * Decides.
   *
   * @param live as the API server has it
   * @param wanted of this build, without a mark
   * @param version that this build reads
   */
  static Decision decide(Map<String, Object> live, Map<String, Object> wanted, String version) {
    Map<?, ?> metadata = object(live.get("metadata"));
    Object mark = object(metadata.get("annotations")).get(MARK);
    if (mark == null) {
      return new Decision.Leave(lacks(live, wanted, version));
    }
    return mark.equals(mark(wanted))
        ? new Decision.Keep()
        : new Decision.Update(
            with(wanted, Map.of(MARK, mark(wanted)), metadata.get("resourceVersion")));
  }

  private static Map<String, Object> with(
      Map<String, Object> wanted, Map<String, String> annotations, @Nullable Object version) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    object(wanted.get("metadata")).forEach((k, v) -> metadata.put(String.valueOf(k), v));
    metadata.put("annotations", annotations);
    if (version != null) {
      metadata.put("resourceVersion", version);
    }
    Map<String, Object> definition = new LinkedHashMap<>(wanted);
    definition.put("metadata", metadata);
    return definition;
  }

  /** The same in every run of a build, whatever the order of its maps. */
  static String mark(Map<String, Object> wanted) {
    try {
      byte[] spec = SORTED.writeValueAsString(wanted.get("spec")).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(spec);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a tree of maps and lists has a digest", e);
    }
  }

  private static List<String> lacks(
      Map<String, Object> live, Map<String, Object> wanted, String version) {
    Map<?, ?> theirs = version(live, version);
    if (theirs.isEmpty() || !Boolean.TRUE.equals(theirs.get("served"))) {
      return List.of("version " + version);
    }
    List<String> lacks = new ArrayList<>();
    missing("", schema(version(wanted, version)), schema(theirs), lacks);
    return lacks.size() <= MAX ? lacks : lacks.subList(0, MAX);
  }

  private static Map<?, ?> version(Map<String, Object> definition, String name) {
    if (object(definition.get("spec")).get("versions") instanceof List<?> versions) {
      for (Object each : versions) {
        if (name.equals(object(each).get("name"))) {
          return object(each);
        }
      }
    }
    return Map.of();
  }

  private static Map<?, ?> schema(Map<?, ?> version) {
    return object(object(version.get("schema")).get("openAPIV3Schema"));
  }

  /** Fields that one schema knows and the other would prune. */
  private static void missing(String path, Map<?, ?> ours, Map<?, ?> theirs, List<String> lacks) {
    if (Boolean.TRUE.equals(theirs.get("x-kubernetes-preserve-unknown-fields"))
        || theirs.containsKey("additionalProperties")) {
      return;
    }
    Map<?, ?> known = object(theirs.get("properties"));
    object(ours.get("properties"))
        .forEach(
            (name, schema) -> {
              String at = path.isEmpty() ? String.valueOf(name) : path + "." + name;
              if (known.containsKey(name)) {
                missing(at, object(schema), object(known.get(name)), lacks);
              } else if (!at.equals("status")) {
                lacks.add(at);
              }
            });
    if (ours.get("items") instanceof Map<?, ?> items
        && theirs.get("items") instanceof Map<?, ?> others) {
      missing(path, items, others, lacks);
    }
  }

  private static Map<?, ?> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
