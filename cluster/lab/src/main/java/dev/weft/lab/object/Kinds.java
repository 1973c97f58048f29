package dev.weft.lab.object;

import dev.weft.apiserver.ResourceType;
import java.util.List;

/** The resource types that the lab itself reads and writes. */
public final class Kinds {
  public static final ResourceType NAMESPACES =
      ResourceType.coreClusterScoped("namespaces", "Namespace");
  public static final ResourceType NODES = ResourceType.coreClusterScoped("nodes", "Node");
  public static final ResourceType PODS = ResourceType.core("pods", "Pod");
  public static final ResourceType SERVICES = ResourceType.core("services", "Service");
  public static final ResourceType ENDPOINTS = ResourceType.core("endpoints", "Endpoints");
  public static final ResourceType CONFIG_MAPS = ResourceType.core("configmaps", "ConfigMap");
  public static final ResourceType SECRETS = ResourceType.core("secrets", "Secret");
  public static final ResourceType SERVICE_ACCOUNTS =
      ResourceType.core("serviceaccounts", "ServiceAccount");
  public static final ResourceType EVENTS = ResourceType.core("events", "Event");
  public static final ResourceType DEPLOYMENTS = ResourceType.apps("deployments", "Deployment");
  public static final ResourceType REPLICA_SETS = ResourceType.apps("replicasets", "ReplicaSet");
  public static final ResourceType DAEMON_SETS = ResourceType.apps("daemonsets", "DaemonSet");
  public static final ResourceType STATEFUL_SETS = ResourceType.apps("statefulsets", "StatefulSet");
  public static final ResourceType JOBS = new ResourceType("batch", "v1", "jobs", "Job", true);
  public static final ResourceType CRON_JOBS =
      new ResourceType("batch", "v1", "cronjobs", "CronJob", true);
  public static final ResourceType AUTOSCALERS =
      new ResourceType(
          "autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true);
  public static final ResourceType ENDPOINT_SLICES =
      new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
  public static final ResourceType CLUSTER_ROLE_BINDINGS =
      new ResourceType(
          "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);
  public static final ResourceType CUSTOM_RESOURCES =
      new ResourceType(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  /** Where MetalLB's users write the ranges that load balancer addresses come from. */
  public static final ResourceType ADDRESS_POOLS =
      new ResourceType("metallb.io", "v1beta1", "ipaddresspools", "IPAddressPool", true);

  /** How MetalLB's users announce addresses; every address of a lab is announced anyway. */
  public static final ResourceType L2_ADVERTISEMENTS =
      new ResourceType("metallb.io", "v1beta1", "l2advertisements", "L2Advertisement", true);

  /** Namespaced types that a terminating namespace is emptied of and that may have owners. */
  public static final List<ResourceType> NAMESPACED =
      List.of(
          DEPLOYMENTS,
          DAEMON_SETS,
          STATEFUL_SETS,
          REPLICA_SETS,
          CRON_JOBS,
          JOBS,
          PODS,
          SERVICES,
          ENDPOINTS,
          ENDPOINT_SLICES,
          CONFIG_MAPS,
          SECRETS,
          SERVICE_ACCOUNTS,
          ResourceType.core("limitranges", "LimitRange"),
          ResourceType.core("resourcequotas", "ResourceQuota"),
          ResourceType.apps("controllerrevisions", "ControllerRevision"),
          AUTOSCALERS,
          new ResourceType("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true),
          new ResourceType("networking.k8s.io", "v1", "ingresses", "Ingress", true),
          new ResourceType("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true),
          new ResourceType("coordination.k8s.io", "v1", "leases", "Lease", true),
          new ResourceType("rbac.authorization.k8s.io", "v1", "roles", "Role", true),
          new ResourceType("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true),
          ADDRESS_POOLS,
          L2_ADVERTISEMENTS,
          EVENTS);

  private Kinds() {}
}
