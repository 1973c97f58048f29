package dev.weft.cli.reach;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.types.MeshPorts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Asks the debug ports (15014) of a control plane: of every pod of it where it runs in the cluster,
 * through the API server; else of the one that is hosted beside the clusters.
 */
public final class ControlPlane {
  /** Of every control-plane pod, as Istio's. */
  private static final String APP = "istiod";

  @Option(
      names = "--control-plane",
      paramLabel = "URL",
      description =
          "Its debug port (default: $WEFT_CONTROL_PLANE, else the istiod pods of the cluster, else"
              + " the control plane of the running lab)")
  @Nullable URI url;

  @Option(
      names = {"-i", "--istioNamespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description = "Where control planes run in a cluster (default: ${DEFAULT-VALUE})")
  String istioNamespace = "istio-system";

  /**
   * What one control plane says.
   *
   * @param istiod its pod, or its address
   */
  public record Answer(String istiod, JsonNode json) {}

  /**
   * What the instances say.
   *
   * @param answers at least one
   * @param failures of instances that gave none
   */
  public record Answers(List<Answer> answers, List<String> failures) {
    public Answers {
      answers = List.copyOf(answers);
      failures = List.copyOf(failures);
    }

    static Answers of(Answer answer) {
      return new Answers(List.of(answer), List.of());
    }
  }

  /**
   * What every instance says.
   *
   * @param access the cluster that is meant
   * @throws CommandFailure where none answers, or all refuse
   */
  public Answers all(ClusterAccess access, LabHere lab, String path, Map<String, String> query) {
    return ask(access, access.context(), lab, path, query, Integer.MAX_VALUE);
  }

  /**
   * The same of one context, whatever {@code --context} says.
   *
   * @throws CommandFailure where none answers, or all refuse
   */
  public Answers all(ClusterAccess access, String context, LabHere lab, String path) {
    return ask(access, Optional.of(context), lab, path, Map.of(), Integer.MAX_VALUE);
  }

  /** Where control planes run in a cluster, and the settings of the mesh are. */
  public String istioNamespace() {
    return istioNamespace;
  }

  /**
   * What any instance says: of one that answers.
   *
   * @throws CommandFailure where none answers, or all refuse
   */
  public JsonNode any(ClusterAccess access, LabHere lab, String path, Map<String, String> query) {
    return ask(access, access.context(), lab, path, query, 1).answers().getFirst().json();
  }

  private Answers ask(
      ClusterAccess access,
      Optional<String> named,
      LabHere lab,
      String path,
      Map<String, String> query,
      int enough) {
    Optional<URI> given = given();
    if (given.isPresent()) {
      return Answers.of(one(given.get(), path, query));
    }
    Kubeconfig config = access.kubeconfig(lab.kubeconfig());
    String context = config.context(named);
    String server = config.server(context).orElse("");
    try (KubernetesClient client = access.client(config, context)) {
      List<Pod> pods = pods(client);
      if (!pods.isEmpty()) {
        return pods(client, pods, path, query, enough);
      }
    } catch (KubernetesClientException e) {
      // The API server of a lab's cluster may be away: its control plane is another process.
      if (!lab.has(server)) {
        throw e;
      }
    }
    Optional<URI> hosted = lab.has(server) ? lab.controlPlane().get() : Optional.empty();
    return Answers.of(
        one(
            hosted.orElseThrow(
                () ->
                    CommandFailure.unreachable(
                        "no control plane runs in namespace "
                            + istioNamespace
                            + " of context "
                            + context
                            + ": give --context or --istioNamespace where it is elsewhere, or"
                            + " --control-plane URL (or WEFT_CONTROL_PLANE) where it is hosted")),
            path,
            query));
  }

  private Optional<URI> given() {
    String environment = System.getenv("WEFT_CONTROL_PLANE");
    return url != null
        ? Optional.of(url)
        : Optional.ofNullable(environment).filter(e -> !e.isBlank()).map(URI::create);
  }

  private static Answer one(URI base, String path, Map<String, String> query) {
    DebugPort port = new DebugPort("at " + base, base);
    return new Answer(base.getAuthority(), port.get(path, query));
  }

  private List<Pod> pods(KubernetesClient client) {
    return client
        .pods()
        .inNamespace(istioNamespace)
        .withLabel("app", APP)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .toList();
  }

  private static Answers pods(
      KubernetesClient client, List<Pod> pods, String path, Map<String, String> query, int enough) {
    List<Answer> answers = new ArrayList<>();
    List<CommandFailure> failures = new ArrayList<>();
    for (Pod pod : pods) {
      if (answers.size() >= enough) {
        break;
      }
      try {
        answers.add(new Answer(pod.getMetadata().getName(), get(client, pod, path, query)));
      } catch (CommandFailure e) {
        failures.add(e);
      }
    }
    if (answers.isEmpty()) {
      throw failures.getFirst();
    }
    return new Answers(answers, failures.stream().map(CommandFailure::getMessage).toList());
  }

  private static JsonNode get(
      KubernetesClient client, Pod pod, String path, Map<String, String> query) {
    String name = pod.getMetadata().getName();
    try (LocalPortForward forward =
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(name)
            .portForward(MeshPorts.MONITORING, InetAddress.getLoopbackAddress(), 0)) {
      return new DebugPort(name, URI.create("http://127.0.0.1:" + forward.getLocalPort()))
          .get(path, query);
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.UNREACHABLE,
          "cannot forward a port to pod " + name + ": " + e.getMessage(),
          e);
    }
  }
}
