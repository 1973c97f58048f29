package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.Optional;

/**
 * Which control plane this is.
 *
 * @param own the cluster in which it runs and whose API holds its configuration; empty where it is
 *     hosted outside of all clusters
 * @param revision {@code default} for the only one
 * @param rootNamespace where its own objects live, and objects that apply to every namespace
 * @param instance what tells its mesh from others that write into the same clusters; empty until it
 *     is known
 */
public record ControlIdentity(
    Optional<ClusterId> own, String revision, String rootNamespace, String instance) {

  /** A control plane outside of all clusters, the only one of its mesh. */
  public static ControlIdentity hosted(String rootNamespace) {
    return new ControlIdentity(Optional.empty(), "default", rootNamespace, "");
  }
}
