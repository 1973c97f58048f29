package dev.weft.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.NamespaceOption;
import dev.weft.cli.reach.PodName;
import dev.weft.cli.reach.ProxyAdmin;
import dev.weft.control.explain.Explanation;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft explain}. */
@Command(
    name = "explain",
    description = {
      "Endpoint by endpoint: why a pod reaches a service the way it does, or does not.",
      "The answer comes from the code that configures the proxies."
    })
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "SERVICE",
      description = "NAME[.NAMESPACE][:PORT]; without a namespace as the pod would say it")
  private String service = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "POD",
      description = "POD, POD.NAMESPACE, NAMESPACE/POD or deploy/NAME")
  private String from = "";

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "A subset of the service's DestinationRule (default: the whole service)")
  private String subset = "";

  @Override
  public Integer call() {
    PodName pod = PodName.parse(from, namespace.value(access, RunningLab.HERE));
    Map<String, String> query = new LinkedHashMap<>();
    query.put("service", service);
    query.put("subset", subset);
    access.context().ifPresentOrElse(name -> in(name, pod, query), () -> anywhere(pod, query));
    Explanation answer = read(controlPlane.any(access, RunningLab.HERE, "/debug/explain", query));
    output.print(spec.commandLine().getOut(), answer, () -> render(answer));
    return 0;
  }

  private static Explanation read(JsonNode answer) {
    try {
      return new ObjectMapper().treeToValue(answer, Explanation.class);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "the control plane is of another version, and its explanation cannot be read: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private static void anywhere(PodName pod, Map<String, String> query) {
    query.put("from", pod.name() + "." + pod.namespace());
  }

  /**
   * A context need not be called as the mesh calls its cluster; then its API server says which pod
   * is meant.
   */
  private void in(String context, PodName pod, Map<String, String> query) {
    if (knows(context)) {
      query.put("cluster", context);
      anywhere(pod, query);
      return;
    }
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      String name = new ProxyAdmin(client).pod(pod).getMetadata().getName();
      query.put("from", name + "." + pod.namespace());
    }
  }

  private boolean knows(String cluster) {
    JsonNode clusters = controlPlane.any(access, RunningLab.HERE, "/debug/clusterz", Map.of());
    return clusters.valueStream().anyMatch(c -> c.path("id").asText().equals(cluster));
  }

  static String render(Explanation answer) {
    StringBuilder out = new StringBuilder();
    answer.summary().forEach(line -> out.append(line).append('\n'));
    Table table =
        new Table(
            "endpoint",
            "cluster",
            "network",
            "locality",
            "verdict",
            "sent to",
            "priority",
            "weight",
            "share",
            "why");
    for (Explanation.Row row : answer.endpoints()) {
      Explanation.@Nullable Placing placing = row.placing();
      table.row(
          row.endpoint(),
          row.cluster(),
          row.network(),
          row.locality(),
          row.verdict(),
          row.sentTo(),
          placing == null ? "" : Integer.toString(placing.priority()),
          placing == null ? "" : Long.toString(placing.weight()),
          placing == null ? "" : String.format(Locale.ROOT, "%.1f %%", placing.share()),
          row.why());
    }
    if (!table.isEmpty()) {
      out.append('\n').append(table.render());
    }
    return out.toString();
  }
}
