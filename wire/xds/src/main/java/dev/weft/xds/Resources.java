package dev.weft.xds;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Everything that one proxy may ask for, as it is at one moment. */
public interface Resources {
  /** Null where there is no such resource. */
  @Nullable VersionedResource get(XdsType type, String name);

  /** The resources of a type in the order of their names. */
  Collection<VersionedResource> all(XdsType type);
}
