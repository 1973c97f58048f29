package dev.weft.cli.reach;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.types.MeshPorts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the admin port of the proxy in a pod, from inside the pod, as nobody else can reach it. */
public final class ProxyAdmin {
  private static final String CONTAINER = "istio-proxy";

  private final KubernetesClient client;

  public ProxyAdmin(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The pod that is meant.
   *
   * @throws CommandFailure where there is none, naming those that have a proxy
   */
  public Pod pod(PodName wanted) {
    List<Pod> pods = client.pods().inNamespace(wanted.namespace()).list().getItems();
    return pods.stream()
        .filter(p -> matches(p, wanted))
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .findFirst()
        .orElseThrow(
            () ->
                CommandFailure.failed(
                    "no pod '"
                        + wanted.name()
                        + "' in namespace '"
                        + wanted.namespace()
                        + "'; pods with a proxy there: "
                        + String.join(
                            ", ",
                            pods.stream()
                                .filter(ProxyAdmin::hasProxy)
                                .map(p -> p.getMetadata().getName())
                                .toList())));
  }

  private static boolean matches(Pod pod, PodName wanted) {
    String name = pod.getMetadata().getName();
    return wanted.deployment()
        ? pod.getMetadata().getOwnerReferences().stream()
            .anyMatch(o -> o.getKind().equals("ReplicaSet") && ownedBy(o.getName(), wanted.name()))
        : name.equals(wanted.name())
            || (pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(
                    o -> o.getKind().equals("ReplicaSet") && ownedBy(o.getName(), wanted.name())));
  }

  private static boolean ownedBy(String replicaSet, String deployment) {
    int dash = replicaSet.lastIndexOf('-');
    return dash > 0 && replicaSet.substring(0, dash).equals(deployment);
  }

  /** Whether a proxy runs beside the application, or is all that the pod runs. */
  public static boolean hasProxy(Pod pod) {
    return pod.getSpec().getContainers().stream().anyMatch(c -> c.getName().equals(CONTAINER))
        || pod.getSpec().getInitContainers().stream().anyMatch(c -> c.getName().equals(CONTAINER));
  }

  /** The JSON at an admin path such as {@code config_dump}. */
  public JsonNode json(Pod pod, String path) {
    String text = text(pod, path);
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "the proxy of " + pod.getMetadata().getName() + " answered /" + path + " with no JSON",
          e);
    }
  }

  /** The text at an admin path. */
  public String text(Pod pod, String path) {
    return answer(pod, "GET", path);
  }

  /** Does what an admin path such as {@code drain_listeners} is for. */
  public void post(Pod pod, String path) {
    String unused = answer(pod, "POST", path);
  }

  private String answer(Pod pod, String method, String path) {
    String name = pod.getMetadata().getName();
    if (!hasProxy(pod)) {
      throw CommandFailure.failed(
          "pod '" + name + "' has no container '" + CONTAINER + "': it is not part of the mesh");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (ExecWatch exec =
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(name)
            .inContainer(CONTAINER)
            .writingOutput(out)
            .writingError(err)
            .exec(
                "curl",
                "-sS",
                "--fail-with-body",
                "-X",
                method,
                "http://127.0.0.1:" + MeshPorts.ADMIN + "/" + path)) {
      int code = exec.exitCode().get(20, TimeUnit.SECONDS);
      if (code != 0) {
        throw CommandFailure.unreachable(
            "the proxy of "
                + name
                + " does not answer on its admin port: "
                + err.toString(StandardCharsets.UTF_8).strip());
      }
      return out.toString(StandardCharsets.UTF_8);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailure(
          CommandFailure.Kind.UNREACHABLE,
          "cannot run a command in pod " + name + ": " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }
}
