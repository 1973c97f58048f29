package dev.weft.control.ads;

import dev.weft.types.ClusterId;
import dev.weft.xds.XdsType;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
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

  /** As {@code istioctl proxy-status} says it. */
  public enum State {
    /** It has what was sent last. */
    SYNCED,
    /** It was sent something and has not answered yet. */
    STALE,
    /** It asked and has not been sent anything yet. */
    NOT_SENT,
    /** It refused what was sent last and keeps what it had. */
    NACKED
  }

  /**
   * @param version of everything it holds of the type
   * @param resources how many of them
   * @param reason of a refusal, in the proxy's words; else empty
   * @param sent when it was sent something last; null before that
   * @param acknowledged when it took something last; null before that
   */
  public record TypeStatus(
      State state,
      String version,
      int resources,
      String reason,
      @Nullable Instant sent,
      @Nullable Instant acknowledged) {}
}
