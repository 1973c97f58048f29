package dev.weft.xds.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code DeltaDiscoveryRequest}.
 *
 * @param first true: the first of its stream, which carries the node
 * @param initialVersions what is held from before, by name; only in a type's first request
 * @param nonce of the response that is answered; empty: a change of subscription
 * @param error why the response is refused; empty: it is accepted
 */
public record DeltaRequest(
    String typeUrl,
    boolean first,
    List<String> subscribe,
    List<String> unsubscribe,
    Map<String, String> initialVersions,
    String nonce,
    String error) {
  public DeltaRequest {
    subscribe = List.copyOf(subscribe);
    unsubscribe = List.copyOf(unsubscribe);
    initialVersions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(initialVersions));
  }

  /**
   * The message on the wire.
   *
   * @param node an encoded {@code Node}
   */
  public byte[] encode(byte[] node) {
    ProtoWriter out = new ProtoWriter();
    if (first) {
      out.bytes(1, node);
    }
    out.text(2, typeUrl);
    subscribe.forEach(name -> out.text(3, name));
    unsubscribe.forEach(name -> out.text(4, name));
    initialVersions.forEach(
        (name, version) -> out.message(5, entry -> entry.text(1, name).text(2, version)));
    out.text(6, nonce);
    if (!error.isEmpty()) {
      // google.rpc.Status; 3 is INVALID_ARGUMENT
      out.message(7, status -> status.number(1, 3).text(2, error));
    }
    return out.toBytes();
  }
}
