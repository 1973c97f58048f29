package dev.weft.config;

import java.util.List;

/** The kinds of objects that the mesh's config API holds for users. */
public enum ConfigKind {
  VIRTUAL_SERVICE(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "VirtualService",
      "virtualservices",
      true),
  DESTINATION_RULE(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "DestinationRule",
      "destinationrules",
      true),
  GATEWAY("networking.istio.io", List.of("v1", "v1beta1", "v1alpha3"), "Gateway", "gateways", true),
  PEER_AUTHENTICATION(
      "security.istio.io",
      List.of("v1", "v1beta1"),
      "PeerAuthentication",
      "peerauthentications",
      true),
  ISTIO_GATEWAY(
      "istio.alibabacloud.com", List.of("v1beta1"), "IstioGateway", "istiogateways", true),
  MEMBER_CLUSTER("mesh.weft.dev", List.of("v1alpha1"), "MemberCluster", "memberclusters", false);

  private final String group;
  private final List<String> versions;
  private final String kind;
  private final String plural;
  private final boolean namespaced;

  ConfigKind(String group, List<String> versions, String kind, String plural, boolean namespaced) {
    this.group = group;
    this.versions = List.copyOf(versions);
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
  }

  /** The API group. */
  public String group() {
    return group;
  }

  /** The served versions, the stored one first; all share one schema. */
  public List<String> versions() {
    return versions;
  }

  /** The kind as users write it. */
  public String kind() {
    return kind;
  }

  /** The resource name in URLs. */
  public String plural() {
    return plural;
  }

  public boolean namespaced() {
    return namespaced;
  }
}
