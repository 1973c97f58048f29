package dev.weft.control.ads;

import dev.weft.xds.ResourceSet;
import dev.weft.xds.Resources;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy may ask for.
 *
 * @param shared what it sees of the mesh
 * @param own of its own pod
 * @param secrets whether it gets keys: whoever has not proven who it is gets none
 */
record ProxyResources(Resources shared, ResourceSet own, boolean secrets) implements Resources {
  @Override
  public @Nullable VersionedResource get(XdsType type, String name) {
    if (type == XdsType.SECRET && !secrets) {
      return null;
    }
    VersionedResource resource = own.get(type, name);
    return resource == null ? shared.get(type, name) : resource;
  }

  @Override
  public Collection<VersionedResource> all(XdsType type) {
    if (type == XdsType.SECRET && !secrets) {
      return List.of();
    }
    Collection<VersionedResource> mine = own.all(type);
    return mine.isEmpty()
        ? shared.all(type)
        : Stream.concat(mine.stream(), shared.all(type).stream())
            .sorted((a, b) -> a.name().compareTo(b.name()))
            .toList();
  }
}
