package dev.weft.control.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
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
   * @param state {@code SYNCED}, {@code STALE}, {@code NOT_SENT} or {@code NACKED}
   * @param version of everything it holds of the type
   * @param resources how many of them
   * @param error why it refused; else empty
   * @param sent when it was sent something last; empty before that
   * @param acknowledged when it took something last; empty before that
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TypeView(
      String state,
      String version,
      int resources,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String error,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String sent,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String acknowledged) {}
}
