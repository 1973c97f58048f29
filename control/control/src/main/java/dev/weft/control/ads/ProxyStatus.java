package dev.weft.control.ads;

import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.xds.XdsType;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connected proxy and how far it has followed.
 *
 * @param id {@code <pod>.<namespace>}
 * @param node the whole node id
 * @param version of its program, in its own words; may be empty
 * @param identity proven, or {@code unauthenticated} of one in our own pod
 * @param protocol {@code delta} or {@code sotw}
 * @param onDemand whether it asks for what its pod calls, instead of being told everything
 * @param types of all types that it asked for
 */
public record ProxyStatus(
    String id,
    ClusterId cluster,
    String node,
    String role,
    String version,
    String identity,
    String peer,
    String protocol,
    Instant connected,
    boolean onDemand,
    Map<XdsType, TypeStatus> types) {

  public ProxyStatus {
    types = types.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(types));
  }

  /** Whether it is that of a pod. */
  public boolean isOf(WorkloadKey pod) {
    return id.equals(pod.pod() + "." + pod.namespace()) && cluster.equals(pod.cluster());
  }

  /** Of its pod. */
  public String namespace() {
    return id.substring(id.lastIndexOf('.') + 1);
  }

  /** What it refuses of all types. */
  public List<RefusedPart> refused() {
    return types.values().stream().flatMap(type -> type.refused().stream()).toList();
  }

  /** As {@code istioctl proxy-status} says it. */
  public enum State {
    /** It has what was sent last. */
    SYNCED,
    /** It was sent something and has not answered yet. */
    STALE,
    /** It asked and has not been sent anything yet. */
    NOT_SENT,
    /** It refuses something of what it was sent, and keeps what it had of that. */
    NACKED
  }

  /**
   * @param version of everything it holds of the type
   * @param resources how many of them
   * @param reason of a refusal that is about no resource, in the proxy's words; else empty
   * @param refused what it refuses until it is mended, in the order of names
   * @param sent when it was sent something last; null before that
   * @param acknowledged when it took something last; null before that
   */
  public record TypeStatus(
      State state,
      String version,
      int resources,
      String reason,
      List<RefusedPart> refused,
      @Nullable Instant sent,
      @Nullable Instant acknowledged) {
    public TypeStatus {
      refused = List.copyOf(refused);
    }
  }
}
