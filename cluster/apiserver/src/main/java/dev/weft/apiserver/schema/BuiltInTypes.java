package dev.weft.apiserver.schema;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.weft.apiserver.ResourceType;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Autoscaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The types that every server has from the start. */
public final class BuiltInTypes {
  public static final ResourceType CUSTOM_TYPES =
      new ResourceType(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);
  public static final ResourceType MUTATING_WEBHOOKS =
      new ResourceType(
          "admissionregistration.k8s.io",
          "v1",
          "mutatingwebhookconfigurations",
          "MutatingWebhookConfiguration",
          false);
  public static final ResourceType VALIDATING_WEBHOOKS =
      new ResourceType(
          "admissionregistration.k8s.io",
          "v1",
          "validatingwebhookconfigurations",
          "ValidatingWebhookConfiguration",
          false);
  private static final List<String> ALL = List.of("all");
  private static final List<String> EXTENSIONS = List.of("api-extensions");

  private final List<KnownType> types = new ArrayList<>();

  private BuiltInTypes() {}

  public static List<KnownType> list() {
    BuiltInTypes built = new BuiltInTypes();
    built.core();
    built.others();
    return built.types;
  }

  private void core() {
    Group core = new Group("", "v1", V1::getDescriptor);
    core.add("namespaces", "Namespace", false, true, List.of("ns"), List.of());
    core.add("nodes", "Node", false, true, List.of("no"), List.of());
    core.add("pods", "Pod", true, true, List.of("po"), ALL);
    core.add("services", "Service", true, true, List.of("svc"), ALL);
    core.add("endpoints", "Endpoints", true, false, List.of("ep"), List.of());
    core.add("configmaps", "ConfigMap", true, false, List.of("cm"), List.of());
    core.add("secrets", "Secret", true, false, List.of(), List.of());
    core.add("serviceaccounts", "ServiceAccount", true, false, List.of("sa"), List.of());
    core.add("events", "Event", true, false, List.of("ev"), List.of());
    core.add("limitranges", "LimitRange", true, false, List.of("limits"), List.of());
    core.add(
        "persistentvolumeclaims", "PersistentVolumeClaim", true, true, List.of("pvc"), List.of());
    core.add("persistentvolumes", "PersistentVolume", false, true, List.of("pv"), List.of());
    core.add("podtemplates", "PodTemplate", true, false, List.of(), List.of());
    core.add("resourcequotas", "ResourceQuota", true, true, List.of("quota"), List.of());
  }

  private void others() {
    Group apps = new Group("apps", "v1", V1Apps::getDescriptor);
    apps.scaled("deployments", "Deployment", List.of("deploy"));
    apps.scaled("replicasets", "ReplicaSet", List.of("rs"));
    apps.scaled("statefulsets", "StatefulSet", List.of("sts"));
    apps.add("daemonsets", "DaemonSet", true, true, List.of("ds"), ALL);
    apps.add("controllerrevisions", "ControllerRevision", true, false, List.of(), List.of());

    Group batch = new Group("batch", "v1", V1Batch::getDescriptor);
    batch.add("jobs", "Job", true, true, List.of(), ALL);
    batch.add("cronjobs", "CronJob", true, true, List.of("cj"), ALL);
    new Group("scheduling.k8s.io", "v1", V1Scheduling::getDescriptor)
        .add("priorityclasses", "PriorityClass", false, false, List.of("pc"), List.of());
    new Group("storage.k8s.io", "v1", V1Storage::getDescriptor)
        .add("storageclasses", "StorageClass", false, false, List.of("sc"), List.of());

    new Group("discovery.k8s.io", "v1", V1Discovery::getDescriptor)
        .add("endpointslices", "EndpointSlice", true, false, List.of(), List.of());
    new Group("coordination.k8s.io", "v1", V1Coordination::getDescriptor)
        .add("leases", "Lease", true, false, List.of(), List.of());
    new Group("policy", "v1", V1Policy::getDescriptor)
        .add("poddisruptionbudgets", "PodDisruptionBudget", true, true, List.of("pdb"), List.of());
    new Group("autoscaling", "v2", V2Autoscaling::getDescriptor)
        .add(
            "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, true, List.of("hpa"), ALL);

    Group networking = new Group("networking.k8s.io", "v1", V1Networking::getDescriptor);
    networking.add("networkpolicies", "NetworkPolicy", true, false, List.of("netpol"), List.of());
    networking.add("ingresses", "Ingress", true, true, List.of("ing"), List.of());
    networking.add("ingressclasses", "IngressClass", false, false, List.of(), List.of());

    Group rbac = new Group("rbac.authorization.k8s.io", "v1", V1Rbac::getDescriptor);
    rbac.add("roles", "Role", true, false, List.of(), List.of());
    rbac.add("rolebindings", "RoleBinding", true, false, List.of(), List.of());
    rbac.add("clusterroles", "ClusterRole", false, false, List.of(), List.of());
    rbac.add("clusterrolebindings", "ClusterRoleBinding", false, false, List.of(), List.of());

    Group admission =
        new Group("admissionregistration.k8s.io", "v1", V1Admissionregistration::getDescriptor);
    admission.add(
        MUTATING_WEBHOOKS.plural(), MUTATING_WEBHOOKS.kind(), false, false, List.of(), EXTENSIONS);
    admission.add(
        VALIDATING_WEBHOOKS.plural(),
        VALIDATING_WEBHOOKS.kind(),
        false,
        false,
        List.of(),
        EXTENSIONS);
    new Group("apiextensions.k8s.io", "v1", V1Apiextensions::getDescriptor)
        .add(
            CUSTOM_TYPES.plural(),
            CUSTOM_TYPES.kind(),
            false,
            true,
            List.of("crd", "crds"),
            EXTENSIONS);

    Group authentication =
        new Group("authentication.k8s.io", "v1", V1Authentication::getDescriptor);
    authentication.review("tokenreviews", "TokenReview", false);
    authentication.review("selfsubjectreviews", "SelfSubjectReview", false);
    Group authorization = new Group("authorization.k8s.io", "v1", V1Authorization::getDescriptor);
    authorization.review("subjectaccessreviews", "SubjectAccessReview", false);
    authorization.review("selfsubjectaccessreviews", "SelfSubjectAccessReview", false);
    authorization.review("localsubjectaccessreviews", "LocalSubjectAccessReview", true);
    authorization.review("selfsubjectrulesreviews", "SelfSubjectRulesReview", false);
  }

  /** Types of one group and version, whose messages are in one descriptor. */
  private final class Group {
    private final String group;
    private final String version;
    private final Supplier<FileDescriptor> file;

    Group(String group, String version, Supplier<FileDescriptor> file) {
      this.group = group;
      this.version = version;
      this.file = file;
    }

    private void add(
        String plural,
        String kind,
        boolean namespaced,
        boolean status,
        List<String> shortNames,
        List<String> categories) {
      add(plural, kind, namespaced, status, shortNames, categories, Optional.empty(), false);
    }

    void scaled(String plural, String kind, List<String> shortNames) {
      KnownType.ScalePaths paths =
          new KnownType.ScalePaths(".spec.replicas", ".status.replicas", ".spec.selector");
      add(plural, kind, true, true, shortNames, ALL, Optional.of(paths), false);
    }

    void review(String plural, String kind, boolean namespaced) {
      add(plural, kind, namespaced, false, List.of(), List.of(), Optional.empty(), true);
    }

    private void add(
        String plural,
        String kind,
        boolean namespaced,
        boolean status,
        List<String> shortNames,
        List<String> categories,
        Optional<KnownType.ScalePaths> scale,
        boolean createOnly) {
      types.add(
          new KnownType(
              new ResourceType(group, version, plural, kind, namespaced),
              kind.toLowerCase(Locale.ROOT),
              shortNames,
              categories,
              status,
              scale,
              createOnly,
              new MessageShape(() -> file.get().findMessageTypeByName(kind)),
              List.of()));
    }
  }
}
