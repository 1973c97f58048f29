package dev.weft.provision;

import java.util.Optional;

/** The kinds of objects that the mesh keeps in clusters and in its own API. */
public enum ManagedKind {
  NAMESPACE("v1", "Namespace", "namespaces", Where.CLUSTER, End.RELEASED),
  SERVICE_ACCOUNT("v1", "ServiceAccount", "serviceaccounts", Where.ROOT, End.OF_GATEWAYS),
  CONFIG_MAP("v1", "ConfigMap", "configmaps", Where.NAMESPACES, End.LEFT),
  SERVICE("v1", "Service", "services", Where.ROOT, End.DELETED),
  ENDPOINT_SLICE("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", Where.ROOT, End.DELETED),
  DEPLOYMENT("apps/v1", "Deployment", "deployments", Where.ROOT, End.DELETED),
  HORIZONTAL_POD_AUTOSCALER(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      "horizontalpodautoscalers",
      Where.ROOT,
      End.DELETED),
  POD_DISRUPTION_BUDGET(
      "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", Where.ROOT, End.DELETED),
  MUTATING_WEBHOOK(
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      "mutatingwebhookconfigurations",
      Where.CLUSTER,
      End.DELETED),
  VALIDATING_WEBHOOK(
      "admissionregistration.k8s.io/v1",
      "ValidatingWebhookConfiguration",
      "validatingwebhookconfigurations",
      Where.CLUSTER,
      End.DELETED),
  ISTIO_GATEWAY(
      "istio.alibabacloud.com/v1beta1", "IstioGateway", "istiogateways", Where.ROOT, End.DELETED);

  /** Where objects of a kind are kept: rights that are not needed everywhere need not be given. */
  private enum Where {
    CLUSTER,
    NAMESPACES,
    ROOT
  }

  /** What becomes of an object that is no longer wanted. */
  enum End {
    DELETED,
    /** Deleted where it belongs to a gateway; else somebody may act with it still. */
    OF_GATEWAYS,
    /** What the mesh wrote into it goes, the object stays. */
    RELEASED,
    LEFT
  }

  private final String apiVersion;
  private final String kind;
  private final String plural;
  private final Where where;
  private final End end;

  ManagedKind(String apiVersion, String kind, String plural, Where where, End end) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.plural = plural;
    this.where = where;
    this.end = end;
  }

  public String apiVersion() {
    return apiVersion;
  }

  public String kind() {
    return kind;
  }

  public boolean namespaced() {
    return where != Where.CLUSTER;
  }

  End end() {
    return end;
  }

  /** Whether every control plane of a mesh has objects of its own of the kind. */
  boolean perRevision() {
    return switch (this) {
      case NAMESPACE, CONFIG_MAP, ISTIO_GATEWAY -> false;
      case SERVICE_ACCOUNT,
          SERVICE,
          ENDPOINT_SLICE,
          DEPLOYMENT,
          HORIZONTAL_POD_AUTOSCALER,
          POD_DISRUPTION_BUDGET,
          MUTATING_WEBHOOK,
          VALIDATING_WEBHOOK ->
          true;
    };
  }

  /** Whether users write into the mesh's objects of the kind, and the mesh into theirs. */
  boolean shared() {
    return this == NAMESPACE || this == ISTIO_GATEWAY;
  }

  /**
   * Whether most clusters have none of the kind: where nothing of it is wanted, the right to look
   * for it need not be there.
   */
  public boolean rare() {
    return this == HORIZONTAL_POD_AUTOSCALER || this == POD_DISRUPTION_BUDGET;
  }

  static Optional<ManagedKind> find(String apiVersion, String kind) {
    for (ManagedKind each : values()) {
      if (each.kind.equals(kind) && each.apiVersion.equals(apiVersion)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The resource name in URLs and roles. */
  public String plural() {
    return plural;
  }

  /** The API group; empty for the core. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** The URL path of all objects of the kind that the mesh may keep. */
  public String listPath(String rootNamespace) {
    return where == Where.ROOT ? collectionPath(rootNamespace) : root() + "/" + plural;
  }

  /**
   * The URL path of the objects of a namespace.
   *
   * @param namespace ignored for kinds without namespaces
   */
  public String collectionPath(String namespace) {
    return root() + (namespaced() ? "/namespaces/" + namespace : "") + "/" + plural;
  }

  private String root() {
    return (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/") + apiVersion;
  }
}
