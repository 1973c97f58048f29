package dev.weft.config;

import java.util.List;

/** The kinds of objects that the mesh's config API holds for users. */
public enum ConfigKind {
  VIRTUAL_SERVICE(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "VirtualService",
      "virtualservices",
      true,
      true),
  DESTINATION_RULE(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "DestinationRule",
      "destinationrules",
      true,
      true),
  GATEWAY(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "Gateway",
      "gateways",
      true,
      true),
  PEER_AUTHENTICATION(
      "security.istio.io",
      List.of("v1", "v1beta1"),
      "PeerAuthentication",
      "peerauthentications",
      true,
      true),
  ISTIO_GATEWAY(
      "istio.alibabacloud.com", List.of("v1beta1"), "IstioGateway", "istiogateways", true, true),
  MEMBER_CLUSTER(
      "mesh.weft.dev", List.of("v1alpha1"), "MemberCluster", "memberclusters", false, true),
  SERVICE_ENTRY(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "ServiceEntry",
      "serviceentries",
      true,
      true),
  SIDECAR(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "Sidecar",
      "sidecars",
      true,
      true),
  WORKLOAD_ENTRY(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "WorkloadEntry",
      "workloadentries",
      true,
      true),
  WORKLOAD_GROUP(
      "networking.istio.io",
      List.of("v1", "v1beta1", "v1alpha3"),
      "WorkloadGroup",
      "workloadgroups",
      true,
      true),
  ENVOY_FILTER(
      "networking.istio.io", List.of("v1alpha3"), "EnvoyFilter", "envoyfilters", true, true),
  PROXY_CONFIG(
      "networking.istio.io", List.of("v1beta1"), "ProxyConfig", "proxyconfigs", true, true),
  REQUEST_AUTHENTICATION(
      "security.istio.io",
      List.of("v1", "v1beta1"),
      "RequestAuthentication",
      "requestauthentications",
      true,
      true),
  AUTHORIZATION_POLICY(
      "security.istio.io",
      List.of("v1", "v1beta1"),
      "AuthorizationPolicy",
      "authorizationpolicies",
      true,
      true),
  TELEMETRY(
      "telemetry.istio.io", List.of("v1", "v1alpha1"), "Telemetry", "telemetries", true, true),
  WASM_PLUGIN("extensions.istio.io", List.of("v1alpha1"), "WasmPlugin", "wasmplugins", true, false);

  private final String group;
  private final List<String> versions;
  private final String kind;
  private final String plural;
  private final boolean namespaced;
  private final boolean supported;

  ConfigKind(
      String group,
      List<String> versions,
      String kind,
      String plural,
      boolean namespaced,
      boolean supported) {
    this.group = group;
    this.versions = List.copyOf(versions);
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
    this.supported = supported;
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

  /** Whether objects of the kind have effect; others are taken, and reported as being without. */
  public boolean supported() {
    return supported;
  }
}
