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

  /** The same with what tells its mesh from others. */
  public ControlIdentity withInstance(String known) {
    return new ControlIdentity(own, revision, rootNamespace, known);
  }

  /** Name of the Service in front of it: {@code istiod}, {@code istiod-canary}. */
  public String service() {
    return named("istiod");
  }

  /** Name of the ConfigMap with the mesh settings: {@code istio}, {@code istio-canary}. */
  public String settings() {
    return named("istio");
  }

  /** A name that each revision has its own of; the default one has it without a suffix. */
  public String named(String base) {
    return revision.equals("default") ? base : base + "-" + revision;
  }
}
