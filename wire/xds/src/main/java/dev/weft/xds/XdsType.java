package dev.weft.xds;

import java.util.Optional;

/**
 * The resource types that we serve or ask for, in push order: what a later type names must have
 * arrived with an earlier one. Istio: pilot/pkg/xds/delta.go, {@code PushOrder}.
 */
public enum XdsType {
  CLUSTER("CDS", "envoy.config.cluster.v3.Cluster", true),
  ENDPOINT("EDS", "envoy.config.endpoint.v3.ClusterLoadAssignment", false),
  LISTENER("LDS", "envoy.config.listener.v3.Listener", true),
  ROUTE("RDS", "envoy.config.route.v3.RouteConfiguration", false),
  VIRTUAL_HOST("VHDS", "envoy.config.route.v3.VirtualHost", false),
  SECRET("SDS", "envoy.extensions.transport_sockets.tls.v3.Secret", false),
  EXTENSION_CONFIG("ECDS", "envoy.config.core.v3.TypedExtensionConfig", false),
  NAME_TABLE("NDS", "istio.networking.nds.v1.NameTable", true);

  private static final String PREFIX = "type.googleapis.com/";

  private final String shortName;
  private final String url;
  private final boolean wildcardByDefault;

  XdsType(String shortName, String messageName, boolean wildcardByDefault) {
    this.shortName = shortName;
    this.url = PREFIX + messageName;
    this.wildcardByDefault = wildcardByDefault;
  }

  /** Empty for a type that we do not know. */
  public static Optional<XdsType> ofUrl(String url) {
    for (XdsType type : values()) {
      if (type.url.equals(url)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** As people say it: {@code CDS}, {@code EDS} … */
  public String shortName() {
    return shortName;
  }

  public String url() {
    return url;
  }

  /** Whether a first request without names asks for all resources of the type. */
  public boolean wildcardByDefault() {
    return wildcardByDefault;
  }

  /**
   * Whether a state-of-the-world response must hold every resource, because one that is missing
   * from it is taken as removed.
   */
  public boolean fullStateInSotw() {
    return this == CLUSTER || this == LISTENER;
  }
}
