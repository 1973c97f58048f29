package dev.weft.xds;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Everything that one proxy may ask for: type to name to resource. Immutable. */
public final class ResourceSet implements Resources {
  public static final ResourceSet EMPTY = new ResourceSet(new EnumMap<>(XdsType.class));

  private final Map<XdsType, SortedMap<String, VersionedResource>> byType;

  private ResourceSet(Map<XdsType, SortedMap<String, VersionedResource>> byType) {
    this.byType = byType;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The resources of a type in the order of their names. */
  public SortedMap<String, VersionedResource> of(XdsType type) {
    return byType.getOrDefault(type, Collections.emptySortedMap());
  }

  @Override
  public @Nullable VersionedResource get(XdsType type, String name) {
    return of(type).get(name);
  }

  @Override
  public Collection<VersionedResource> all(XdsType type) {
    return of(type).values();
  }

  /** The same without the resources of a type. */
  public ResourceSet without(XdsType type) {
    Map<XdsType, SortedMap<String, VersionedResource>> others = new EnumMap<>(byType);
    others.remove(type);
    return new ResourceSet(others);
  }

  /** Those of the resources alone whose type and name are wanted. */
  public ResourceSet only(BiPredicate<XdsType, String> wanted) {
    Builder some = builder();
    byType.forEach(
        (type, resources) ->
            some.add(
                type,
                resources.values().stream().filter(r -> wanted.test(type, r.name())).toList()));
    return some.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResourceSet set && byType.equals(set.byType);
  }

  @Override
  public int hashCode() {
    return byType.hashCode();
  }

  @Override
  public String toString() {
    return byType.toString();
  }

  /** Collects resources; for use by one thread. */
  public static final class Builder {
    private final Map<XdsType, SortedMap<String, VersionedResource>> byType =
        new EnumMap<>(XdsType.class);

    private Builder() {}

    /**
     * Adds resources to a type.
     *
     * @throws IllegalArgumentException where a name is there already
     */
    public Builder add(XdsType type, Collection<VersionedResource> resources) {
      SortedMap<String, VersionedResource> known =
          byType.computeIfAbsent(type, t -> new TreeMap<>());
      for (VersionedResource resource : resources) {
        if (known.putIfAbsent(resource.name(), resource) != null) {
          throw new IllegalArgumentException(
              "two resources of " + type.shortName() + " are named '" + resource.name() + "'");
        }
      }
      return this;
    }

    public ResourceSet build() {
      Map<XdsType, SortedMap<String, VersionedResource>> copy = new EnumMap<>(XdsType.class);
      byType.forEach(
          (type, resources) ->
              copy.put(type, Collections.unmodifiableSortedMap(new TreeMap<>(resources))));
      return new ResourceSet(copy);
    }
  }
}
