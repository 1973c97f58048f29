package dev.weft.install;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Optional;

/** The kinds that charts render, in the order in which they are put into a cluster. */
enum KubeKind {
  NAMESPACE("", "v1", "Namespace", "namespaces", false),
  CUSTOM_RESOURCE_DEFINITION(
      "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false),
  SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts", true),
  CLUSTER_ROLE("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
  CLUSTER_ROLE_BINDING(
      "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
  ROLE("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
  ROLE_BINDING("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
  CONFIG_MAP("", "v1", "ConfigMap", "configmaps", true),
  SECRET("", "v1", "Secret", "secrets", true),
  LEASE("coordination.k8s.io", "v1", "Lease", "leases", true),
  SERVICE("", "v1", "Service", "services", true),
  ENDPOINT_SLICE("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
  DEPLOYMENT("apps", "v1", "Deployment", "deployments", true),
  DAEMON_SET("apps", "v1", "DaemonSet", "daemonsets", true),
  POD_DISRUPTION_BUDGET("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
  HORIZONTAL_POD_AUTOSCALER(
      "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),
  VALIDATING_WEBHOOK_CONFIGURATION(
      "admissionregistration.k8s.io",
      "v1",
      "ValidatingWebhookConfiguration",
      "validatingwebhookconfigurations",
      false),
  MUTATING_WEBHOOK_CONFIGURATION(
      "admissionregistration.k8s.io",
      "v1",
      "MutatingWebhookConfiguration",
      "mutatingwebhookconfigurations",
      false);

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;
  private final boolean namespaced;

  KubeKind(String group, String version, String kind, String plural, boolean namespaced) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
  }

  String group() {
    return group;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  boolean namespaced() {
    return namespaced;
  }

  boolean webhook() {
    return this == MUTATING_WEBHOOK_CONFIGURATION || this == VALIDATING_WEBHOOK_CONFIGURATION;
  }

  /** Whether it is as ready as its pods are. */
  boolean workload() {
    return this == DEPLOYMENT || this == DAEMON_SET;
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group.isEmpty() ? null : group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }

  static Optional<KubeKind> find(String apiVersion, String kind) {
    for (KubeKind each : values()) {
      if (each.kind.equals(kind) && each.apiVersion().equals(apiVersion)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
