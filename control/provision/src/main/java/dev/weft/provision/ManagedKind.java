package dev.weft.provision;

import java.util.Optional;

/** The kinds of objects that the mesh keeps in clusters and in its own API. */
public enum ManagedKind {
  NAMESPACE("v1", "Namespace", "namespaces", false),
  SERVICE_ACCOUNT("v1", "ServiceAccount", "serviceaccounts", true),
  CLUSTER_ROLE("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
  CLUSTER_ROLE_BINDING(
      "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false),
  CONFIG_MAP("v1", "ConfigMap", "configmaps", true),
  SERVICE("v1", "Service", "services", true),
  ENDPOINT_SLICE("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true),
  DEPLOYMENT("apps/v1", "Deployment", "deployments", true),
  MUTATING_WEBHOOK(
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      "mutatingwebhookconfigurations",
      false),
  VALIDATING_WEBHOOK(
      "admissionregistration.k8s.io/v1",
      "ValidatingWebhookConfiguration",
      "validatingwebhookconfigurations",
      false),
  ISTIO_GATEWAY("istio.alibabacloud.com/v1beta1", "IstioGateway", "istiogateways", true);

  private final String apiVersion;
  private final String kind;
  private final String plural;
  private final boolean namespaced;

  ManagedKind(String apiVersion, String kind, String plural, boolean namespaced) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
  }

  public String apiVersion() {
    return apiVersion;
  }

  public String kind() {
    return kind;
  }

  public boolean namespaced() {
    return namespaced;
  }

  static Optional<ManagedKind> find(String apiVersion, String kind) {
    for (ManagedKind each : values()) {
      if (each.kind.equals(kind) && each.apiVersion.equals(apiVersion)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The URL path of all objects of the kind, in every namespace. */
  public String listPath() {
    return root() + "/" + plural;
  }

  /**
   * The URL path of the objects of a namespace.
   *
   * @param namespace ignored for kinds without namespaces
   */
  public String collectionPath(String namespace) {
    return namespaced ? root() + "/namespaces/" + namespace + "/" + plural : listPath();
  }

  private String root() {
    return (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/") + apiVersion;
  }
}
