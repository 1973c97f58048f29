package dev.weft.exchange.trace;

/**
 * The proxy that makes spans.
 *
 * @param service what it is called, {@code cart.shop}
 * @param node its name in xDS
 * @param zone where it is; may be empty
 * @param address of its pod, an IP address; may be empty
 */
public record SpanMaker(String service, String node, String zone, String address) {
  /** Of a proxy that was told nothing of itself. */
  public static final SpanMaker UNNAMED = new SpanMaker("istio-proxy", "", "", "");
}
