package dev.weft.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabCommands;
import dev.weft.lab.supervisor.LabException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request from a pod of cluster1 to a service that only cluster2 has. */
public final class HttpbinDemo {
  private static final String CLIENT = "cluster1";
  private static final String SERVER = "cluster2";
  private static final int ATTEMPTS = 60;

  /** The fields that tell the story, with what they say. */
  private static final Map<String, String> CLIENT_STORY =
      Map.of(
          "upstream_host",
              "where it went: the cross-cluster proxy of cluster2, or its pod in a flat network",
          "upstream_cluster", "the service that was meant",
          "downstream_local_address", "the address that the mesh gave the service in cluster1",
          "response_code", "the answer of the pod in cluster2");

  private static final Map<String, String> PROXY_STORY =
      Map.of(
          "requested_server_name",
              "all that the proxy reads of the connection; the rest stays encrypted",
          "upstream_host", "the pod of cluster2, with an address that cluster1 uses too",
          "downstream_local_address", "the port for other networks");

  private final Shown shown;
  private final Rollouts rollouts;
  private final Path samples;
  private final Optional<String> proxy;
  private final PrintWriter out;

  /**
   * @param lab that is up
   * @param proxy the app of the pods by which calls enter cluster2; none in a flat network
   */
  public HttpbinDemo(LabCommands lab, Path samples, Optional<String> proxy, PrintWriter out)
      throws LabException {
    this.shown = new Shown(lab.kubeconfig(), out);
    this.rollouts = new Rollouts(lab, shown);
    this.samples = samples;
    this.proxy = proxy;
    this.out = out;
  }

  /** Runs the demo and returns the exit code. */
  public int run() {
    shown.say("1. A client in cluster1, a server in cluster2. Cluster1 has no Service httpbin.");
    shown.kubectl(CLIENT, "apply", "-f", samples.resolve("sleep.yaml").toString());
    shown.kubectl(SERVER, "apply", "-f", samples.resolve("httpbin.yaml").toString());
    for (List<String> each : List.of(List.of(CLIENT, "sleep"), List.of(SERVER, "httpbin"))) {
      rollouts.await(each.getFirst(), "default", each.getLast());
    }
    proxy.ifPresent(app -> rollouts.await(SERVER, "istio-system", app));
    untilAnswered();

    shown.say("2. The client calls the server by its short name.");
    shown.kubectl(CLIENT, "exec", "deploy/sleep", "--", "curl", "-s", "httpbin:8000/status/418");

    shown.say(
        "3. What the client's proxy logged (kubectl --context cluster1 logs deploy/sleep -c"
            + " istio-proxy):");
    tell(line(CLIENT, List.of("deploy/sleep", "-c", "istio-proxy"), "/status/418"), CLIENT_STORY);

    proxy.ifPresent(this::atTheEntrance);

    shown.say("Try next:");
    out.println("  export KUBECONFIG=$(./weft lab kubeconfig)");
    out.println("  ./weft explain httpbin --from deploy/sleep --context cluster1");
    out.println("  ./weft cluster list; ./weft proxy-status");
    if (proxy.filter(app -> app.startsWith("istio-asm")).isPresent()) {
      out.println(
          "  ./weft cluster network set cluster2 --no-cross-cluster-proxy    # then explain again");
    }
    out.println("  ./weft lab down");
    out.flush();
    return 0;
  }

  private void atTheEntrance(String app) {
    shown.say("4. What cluster2's cross-cluster proxy logged at the end of the connection:");
    // The line of a byte proxy comes when the connection ends.
    shown.quiet(CLIENT, "rollout", "restart", "deploy/sleep");
    rollouts.await(CLIENT, "default", "sleep");
    tell(crossClusterLine(app), PROXY_STORY);
  }

  private void untilAnswered() {
    Shown.Answer last = new Shown.Answer(1, "", "");
    for (int i = 0; i < ATTEMPTS; i++) {
      last =
          shown.attempt(
              CLIENT,
              "exec",
              "deploy/sleep",
              "--",
              "curl",
              "-s",
              "-o",
              "/dev/null",
              "-w",
              "%{http_code}",
              "--retry",
              "1",
              "--retry-all-errors",
              "--retry-delay",
              "1",
              "httpbin:8000/get");
      if (last.out().equals("200")) {
        return;
      }
    }
    throw CommandFailure.failed(
        "httpbin does not answer from cluster1 ("
            + last.out()
            + " "
            + last.err().strip()
            + "); ask: weft explain httpbin --from deploy/sleep --context cluster1");
  }

  private Optional<JsonNode> line(String context, List<String> source, String text) {
    String[] words = new String[source.size() + 1];
    words[0] = "logs";
    for (int i = 0; i < source.size(); i++) {
      words[i + 1] = source.get(i);
    }
    return shown
        .quiet(context, words)
        .lines()
        .filter(l -> l.startsWith("{") && l.contains(text))
        .reduce((first, second) -> second)
        .map(HttpbinDemo::parsed);
  }

  private Optional<JsonNode> crossClusterLine(String app) {
    for (int i = 0; i < ATTEMPTS; i++) {
      String pods =
          shown.quiet(
              SERVER,
              "-n",
              "istio-system",
              "get",
              "pod",
              "-l",
              "app=" + app,
              "-o",
              "jsonpath={.items[*].metadata.name}");
      for (String pod : pods.split(" ")) {
        Optional<JsonNode> line =
            line(SERVER, List.of("-n", "istio-system", pod), "outbound_.8000_._.httpbin");
        if (line.isPresent()) {
          return line;
        }
      }
    }
    return Optional.empty();
  }

  private void tell(Optional<JsonNode> line, Map<String, String> story) {
    if (line.isEmpty()) {
      out.println("   (no line yet)");
      return;
    }
    line.get()
        .properties()
        .forEach(
            field -> {
              String meaning = story.get(field.getKey());
              out.println(
                  (meaning == null ? "     " : "  => ")
                      + field.getKey()
                      + ": "
                      + field.getValue().asText()
                      + (meaning == null ? "" : "    <- " + meaning));
            });
    out.flush();
  }

  private static JsonNode parsed(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw CommandFailure.failed("a log line that is no JSON: " + line);
    }
  }
}
