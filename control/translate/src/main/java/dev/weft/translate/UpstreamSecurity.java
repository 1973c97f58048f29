package dev.weft.translate;

import dev.weft.config.TrafficPolicy.ClientTls;
import java.util.List;

/** How connections of a cluster are secured. Istio: pilot/pkg/networking/core/cluster_tls.go. */
public sealed interface UpstreamSecurity {
  /** Not by us. What passes through a cross-network gateway is TLS already. */
  record None() implements UpstreamSecurity {}

  /**
   * With mutual TLS to endpoints that speak it, else in plain text.
   *
   * @param identities URIs of all endpoints in all clusters, in order
   */
  record ByEndpoint(String sni, List<String> identities) implements UpstreamSecurity {
    public ByEndpoint {
      identities = List.copyOf(identities);
    }
  }

  /** With mutual TLS always. */
  record Mesh(String sni, List<String> identities) implements UpstreamSecurity {
    public Mesh {
      identities = List.copyOf(identities);
    }
  }

  /** With TLS as a DestinationRule asks for. */
  record Outside(ClientTls tls) implements UpstreamSecurity {}
}
