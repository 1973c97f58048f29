package dev.weft.apiserver.schema;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.storage.TypeKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The types that one server serves. Thread-safe; readers see whole changes only. */
public final class TypeRegistry {
  private record Key(String group, String version, String plural) {}

  private volatile SequencedMap<Key, KnownType> types = new LinkedHashMap<>();

  public synchronized void add(KnownType type) {
    SequencedMap<Key, KnownType> next = new LinkedHashMap<>(types);
    next.put(key(type.type()), type);
    types = next;
  }

  /** Replaces all versions of a type: none removes it. */
  public synchronized void replace(TypeKey type, List<KnownType> versions) {
    SequencedMap<Key, KnownType> next = new LinkedHashMap<>(types);
    next.values().removeIf(known -> known.key().equals(type));
    versions.forEach(version -> next.put(key(version.type()), version));
    types = next;
  }

  private static Key key(ResourceType type) {
    return new Key(type.group(), type.version(), type.plural());
  }

  public Optional<KnownType> find(String group, String version, String plural) {
    return Optional.ofNullable(types.get(new Key(group, version, plural)));
  }

  /**
   * The served form of a type.
   *
   * @throws ApiException 404 where it is not served
   */
  public KnownType require(ResourceType type) {
    return find(type.group(), type.version(), type.plural()).orElseThrow(Errors::noSuchResource);
  }

  public Optional<KnownType> byKind(String apiVersion, String kind) {
    return types.values().stream()
        .filter(t -> t.type().kind().equals(kind) && t.type().apiVersion().equals(apiVersion))
        .findFirst();
  }

  /** Any served version of a type. */
  public Optional<KnownType> any(TypeKey key) {
    return types.values().stream().filter(t -> t.key().equals(key)).findFirst();
  }

  public List<KnownType> all() {
    return List.copyOf(types.values());
  }

  /** Group to version to types; the core group first, then by name, versions as registered. */
  public SequencedMap<String, SequencedMap<String, List<KnownType>>> byGroup() {
    SequencedMap<String, SequencedMap<String, List<KnownType>>> groups = new TreeMap<>();
    for (KnownType known : types.values()) {
      Map<String, List<KnownType>> versions =
          groups.computeIfAbsent(known.type().group(), ignored -> new LinkedHashMap<>());
      versions.merge(
          known.type().version(),
          List.of(known),
          (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
    }
    return groups;
  }
}
