package dev.weft.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A cluster, as seen through its API server. */
final class Cluster {
  private static final String WRITER = "weft";
  private static final int END_SECONDS = 45;

  private final KubernetesClient client;

  Cluster(KubernetesClient client) {
    this.client = client;
  }

  Optional<KubeObject> get(KubeKind kind, String namespace, String name) {
    GenericKubernetesResource found = resource(kind, namespace, name).get();
    return found == null ? Optional.empty() : Optional.of(object(found));
  }

  Optional<KubeObject> get(KubeObject like) {
    return get(like.kind(), like.namespace(), like.name());
  }

  /**
   * Objects with those labels, in every namespace. A kind that the cluster does not serve has none.
   */
  List<KubeObject> list(KubeKind kind, Map<String, String> labels) {
    try {
      return client
          .genericKubernetesResources(kind.context())
          .inAnyNamespace()
          .withLabels(labels)
          .list()
          .getItems()
          .stream()
          .map(item -> object(kind, item))
          .filter(object -> kind != KubeKind.ENDPOINT_SLICE || !derived(object))
          .toList();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404) {
        return List.of();
      }
      throw e;
    }
  }

  /** Writes our fields of an object and no others (server-side apply). */
  KubeObject apply(KubeObject wanted) {
    GenericKubernetesResource body =
        client
            .getKubernetesSerialization()
            .convertValue(wanted.body(), GenericKubernetesResource.class);
    try {
      return object(
          resource(wanted.kind(), wanted.namespace(), body)
              .fieldManager(WRITER)
              .forceConflicts()
              .serverSideApply());
    } catch (KubernetesClientException e) {
      throw new InstallException(
          wanted.title() + " is not taken by the API server: " + reason(e), e);
    }
  }

  void delete(KubeObject object) {
    try {
      resource(object.kind(), object.namespace(), object.name()).delete();
    } catch (KubernetesClientException e) {
      throw new InstallException(object.title() + " cannot be deleted: " + reason(e), e);
    }
  }

  /** The pods that a workload's selector means. */
  List<Map<String, Object>> pods(KubeObject workload) {
    return client
        .pods()
        .inNamespace(workload.namespace())
        .withLabels(selector(workload))
        .list()
        .getItems()
        .stream()
        .map(this::tree)
        .toList();
  }

  private static Map<String, String> selector(KubeObject deployment) {
    Map<String, String> labels = new TreeMap<>();
    Trees.map(Trees.at(deployment.body(), "spec", "selector", "matchLabels"))
        .forEach((key, value) -> labels.put(key, Trees.text(value)));
    return labels;
  }

  /** Waits a while for the pods of a Deployment to end; whether they did. */
  boolean awaitEnd(KubeObject deployment) {
    try {
      client
          .pods()
          .inNamespace(deployment.namespace())
          .withLabels(selector(deployment))
          .informOnCondition(List::isEmpty)
          .get(END_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  List<Map<String, Object>> events(String namespace) {
    ListOptions newest = new ListOptionsBuilder().withLimit(500L).build();
    return client.v1().events().inNamespace(namespace).list(newest).getItems().stream()
        .map(this::tree)
        .toList();
  }

  /** A cluster's own controller copies the labels of a Service to the slices that it makes. */
  private static boolean derived(KubeObject slice) {
    return !slice.label(Marks.SLICE_MANAGER).endsWith("weft.dev");
  }

  /** Such as {@code 1.31}; empty where the server does not say. */
  String version() {
    VersionInfo version = client.getKubernetesVersion();
    return version == null ? "" : version.getMajor() + "." + version.getMinor();
  }

  boolean may(String verb, KubeKind kind, String namespace) {
    SelfSubjectAccessReview question =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withGroup(kind.group())
            .withResource(kind.plural())
            .withVerb(verb)
            .withNamespace(kind.namespaced() ? namespace : null)
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(
        client
            .authorization()
            .v1()
            .selfSubjectAccessReview()
            .create(question)
            .getStatus()
            .getAllowed());
  }

  private Resource<GenericKubernetesResource> resource(
      KubeKind kind, String namespace, String name) {
    var all = client.genericKubernetesResources(kind.context());
    return kind.namespaced() ? all.inNamespace(namespace).withName(name) : all.withName(name);
  }

  private Resource<GenericKubernetesResource> resource(
      KubeKind kind, String namespace, GenericKubernetesResource body) {
    var all = client.genericKubernetesResources(kind.context());
    return kind.namespaced() ? all.inNamespace(namespace).resource(body) : all.resource(body);
  }

  private KubeObject object(GenericKubernetesResource resource) {
    return KubeObject.of(tree(resource));
  }

  /** In a list, items may come without kind. */
  private KubeObject object(KubeKind kind, GenericKubernetesResource item) {
    item.setApiVersion(kind.apiVersion());
    item.setKind(kind.kind());
    return object(item);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> tree(Object model) {
    return client.getKubernetesSerialization().convertValue(model, Map.class);
  }

  private static String reason(KubernetesClientException e) {
    return e.getStatus() != null && e.getStatus().getMessage() != null
        ? e.getStatus().getMessage()
        : String.valueOf(e.getMessage());
  }
}
