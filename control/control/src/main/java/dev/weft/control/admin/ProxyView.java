package dev.weft.control.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A connected proxy and how far it has followed, as {@code /debug/syncz} and {@code weft
 * proxy-status} say it.
 *
 * @param proxy {@code pod.namespace}
 * @param type the role of its node: {@code sidecar} or {@code router}
 * @param version of its program, in its own words
 * @param identity proven, or {@code unauthenticated} of one in our own pod
 * @param protocol {@code delta} or {@code sotw}
 * @param connected since when
 * @param onDemand whether it asks for what its pod calls, instead of being told everything
 * @param types by their short names, such as {@code CDS}: all that it asked for
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProxyView(
    String proxy,
    String cluster,
    String node,
    String type,
    String version,
    String identity,
    String peer,
    String protocol,
    String connected,
    boolean onDemand,
    Map<String, TypeView> types) {
  public ProxyView {
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
  }

  /**
   * How far it has followed in one type.
   *
   * @param state {@code SYNCED}, {@code STALE}, {@code NOT_SENT}, or {@code NACKED} for as long as
   *     something is refused
   * @param version of everything it holds of the type
   * @param resources how many of them
   * @param error what it refuses, in one line; else empty
   * @param refused the same, part by part
   * @param sent when it was sent something last; empty before that
   * @param acknowledged when it took something last; empty before that
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TypeView(
      String state,
      String version,
      int resources,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String error,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RefusedView> refused,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String sent,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String acknowledged) {
    public TypeView {
      refused = List.copyOf(refused);
    }
  }

  /**
   * A part of a resource that it refuses until that is mended.
   *
   * @param object what it was made of, such as {@code VirtualService shop/cart}; empty where that
   *     is not known
   * @param field in the resource; empty where the proxy does not say
   * @param message why, in the proxy's words
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record RefusedView(String resource, String object, String field, String message) {}
}
