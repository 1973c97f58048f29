package dev.weft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weft.testkit.Settle;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The scene of most tests: a client {@code sleep} in cluster1, a server {@code httpbin} in
 * cluster2, and cluster2's cross-cluster proxies between them.
 */
record ClientAndServer(Lab lab) {
  /** The Deployment of a cluster's cross-cluster proxies, in {@code istio-system}. */
  static final String PROXY = "istio-asm-cross-network-cluster2";

  static final String CLIENT = "deploy/sleep";

  /** What a client's proxy calls httpbin's port 8000 in its handshake with cluster2. */
  static final String SNI = "outbound_.8000_._.httpbin.default.svc.cluster.local";

  /** Brings the lab up afresh, deploys both and returns when a request gets across. */
  static ClientAndServer up(Lab lab) {
    lab.fresh();
    ClientAndServer scene = new ClientAndServer(lab);
    scene.deploy("cluster1", "sleep");
    scene.deploy("cluster2", "httpbin");
    lab.rolledOut("cluster2", "istio-system", PROXY);
    Settle.until(
        "requests get across", Duration.ofSeconds(30), () -> scene.code("/get"), "200"::equals);
    return scene;
  }

  void deploy(String context, String workload) {
    lab.kubectl(context, "apply -f " + manifest(workload)).orFail();
    lab.rolledOut(context, "default", workload);
  }

  /** The YAML of a sample. */
  static Path manifest(String workload) {
    return Lab.root().resolve("samples/httpbin/" + workload + ".yaml");
  }

  /** The HTTP code that the client gets for a path; {@code 000} where it gets none. */
  String code(String path) {
    return code(CLIENT, "httpbin:8000" + path);
  }

  String code(String from, String url) {
    return curl(from, "-o /dev/null -w %{http_code} " + url).out();
  }

  Command.Result curl(String from, String words) {
    return lab.kubectl("cluster1", "exec " + from + " -- curl -s --max-time 10 " + words);
  }

  /** What flowed from one workload to another, as {@code weft topology} says; nothing, perhaps. */
  JsonNode flow(String from, String to) {
    String topology = lab.weft("topology", "-n", "default", "-o", "json").out();
    if (!topology.isEmpty()) {
      for (JsonNode edge : JsonLines.parsed(topology).path("edges")) {
        if (edge.path("source").path("workload").asText().equals(from)
            && edge.path("destination").path("workload").asText().equals(to)) {
          return edge;
        }
      }
    }
    return MissingNode.getInstance();
  }

  /** Another client, a pod with an annotation and a label of its own. */
  static String client(String name, String annotation, String value, String label) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      labels: {app: %s%s}
      annotations: {%s}
    spec:
      serviceAccountName: sleep
      terminationGracePeriodSeconds: 0
      containers:
      - {name: client, image: curlimages/curl, command: ["/bin/sleep", "infinity"]}
    """
        .formatted(
            name,
            name,
            label.isEmpty() ? "" : ", " + label,
            annotation.isEmpty() ? "" : annotation + ": '" + value + "'");
  }
}
