package dev.weft.runtime;

import java.util.Optional;

/** Kinds of xDS resources that the proxy takes. */
public enum ResourceType {
  CLUSTER("CDS", "type.googleapis.com/envoy.config.cluster.v3.Cluster"),
  ENDPOINTS("EDS", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
  LISTENER("LDS", "type.googleapis.com/envoy.config.listener.v3.Listener"),
  ROUTE("RDS", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"),
  NAME_TABLE("NDS", "type.googleapis.com/istio.networking.nds.v1.NameTable");

  private final String shortName;
  private final String url;

  ResourceType(String shortName, String url) {
    this.shortName = shortName;
    this.url = url;
  }

  /** {@code CDS} and so on. */
  public String shortName() {
    return shortName;
  }

  /** The type URL on the wire. */
  public String url() {
    return url;
  }

  /** Empty where the proxy does not know the type. */
  public static Optional<ResourceType> ofUrl(String url) {
    for (ResourceType type : values()) {
      if (type.url.equals(url)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
