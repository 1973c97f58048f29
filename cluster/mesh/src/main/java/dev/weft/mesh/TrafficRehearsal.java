package dev.weft.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.LabDirectory;
import dev.weft.lab.supervisor.TrustingClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A mesh of one pod on loopback, so that the JVM can keep what a control plane and a sidecar load
 * and how often they run it: an API server with the objects, an application and its callers. Their
 * requests leave the pod by the sidecar and enter it by the same one, with mutual TLS in between,
 * over HTTP/1.1, HTTP/2 and TCP.
 *
 * <p>Control plane and sidecar are processes of their own ({@code bin/train} starts them). They
 * find what they need in the directory: {@code kubeconfig} at first, and {@code token} and {@code
 * root-cert.pem} when the control plane has joined the cluster. At the end {@code done} is there.
 */
final class TrafficRehearsal {
  private static final String NAME = "rehearsal";
  private static final String ACCOUNT = "app";
  private static final int APPLICATION = 18080;

  /** Where the sidecar is called: HTTP/1.1, HTTP/2 and TCP between its two sides. */
  private static final List<RehearsedTraffic.Target> OUTWARD =
      List.of(
          new RehearsedTraffic.Target("one.rehearsal:18001", 18001),
          new RehearsedTraffic.Target("two.rehearsal:18002", 18002),
          new RehearsedTraffic.Target("three.rehearsal:18003", 18003));

  /** For the control plane to come, and for the sidecar. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Map<String, String> PLURALS =
      Map.of(
          "Namespace", "namespaces",
          "ServiceAccount", "serviceaccounts",
          "Pod", "pods",
          "ServiceEntry", "serviceentries",
          "DestinationRule", "destinationrules",
          "VirtualService", "virtualservices",
          "AuthorizationPolicy", "authorizationpolicies",
          "Telemetry", "telemetries",
          "Sidecar", "sidecars");

  private final ApiServer api;
  private final HttpClient client;
  private final JsonMapper json = new JsonMapper();
  private final long end = System.nanoTime() + PATIENCE.toNanos();

  private TrafficRehearsal(ApiServer api, HttpClient client) {
    this.api = api;
    this.client = client;
  }

  /**
   * Runs it.
   *
   * @param length of the traffic
   * @throws IOException where it did not come to its end
   */
  static void run(Path directory, Duration length) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    try (ApiServer api =
            ApiServer.open(
                new ApiServerSettings(NAME, directory.resolve("api"), 0, List.of()),
                new NoPods(),
                (namespace, service, port) -> {
                  throw new IOException("a rehearsal has no services");
                });
        RehearsedTraffic traffic = RehearsedTraffic.serve(APPLICATION)) {
      api.start();
      try (HttpClient client = TrustingClient.of(api)) {
        new TrafficRehearsal(api, client).prepare(directory);
      }
      traffic.call(OUTWARD, PATIENCE, length);
    }
    LabDirectory.write(directory.resolve("done"), "");
  }

  private void prepare(Path directory) throws IOException, InterruptedException {
    String kubeconfig = api.kubeconfig(NAME, "https://127.0.0.1:" + api.port());
    LabDirectory.write(directory.resolve("kubeconfig"), kubeconfig);
    create("/api/v1/namespaces/istio-system/secrets", registration(kubeconfig));
    String pod = "";
    for (String yaml : objects()) {
      JsonNode object = Trees.yaml(yaml);
      JsonNode created = create(collection(object), object);
      if (object.path("kind").asText().equals("Pod")) {
        pod = created.at("/metadata/uid").asText();
      }
    }
    LabDirectory.write(directory.resolve("root-cert.pem"), root());
    LabDirectory.write(
        directory.resolve("token"),
        api.serviceAccountToken(
            NAME,
            ACCOUNT,
            List.of("istio-ca"),
            Duration.ofHours(1),
            Optional.of(new ApiServer.BoundPod("app", pod))));
  }

  private static String[] objects() throws IOException {
    try (InputStream in = TrafficRehearsal.class.getResourceAsStream("rehearsal.yaml")) {
      if (in == null) {
        throw new IOException("rehearsal.yaml is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^---$");
    }
  }

  private JsonNode registration(String kubeconfig) {
    return json.valueToTree(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "metadata",
            Map.of(
                "name",
                "istio-remote-secret-" + NAME,
                "labels",
                Map.of("istio/multiCluster", "true")),
            "stringData",
            Map.of(NAME, kubeconfig)));
  }

  private static String collection(JsonNode object) {
    String version = object.path("apiVersion").asText();
    String namespace = object.at("/metadata/namespace").asText();
    return (version.equals("v1") ? "/api/v1" : "/apis/" + version)
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + PLURALS.get(object.path("kind").asText());
  }

  /** Until it is taken: the control plane brings the definitions and its own namespace. */
  private JsonNode create(String collection, JsonNode object)
      throws IOException, InterruptedException {
    while (true) {
      HttpResponse<String> answer =
          client.send(
              request(collection)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(object.toString()))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() / 100 == 2) {
        return json.readTree(answer.body());
      }
      waitOrFail(answer.body());
    }
  }

  /** The control plane's root, as it gives it to the namespace. */
  private String root() throws IOException, InterruptedException {
    String path = "/api/v1/namespaces/" + NAME + "/configmaps/istio-ca-root-cert";
    while (true) {
      HttpResponse<String> answer = client.send(request(path).build(), BodyHandlers.ofString());
      String pem = json.readTree(answer.body()).at("/data/root-cert.pem").asText();
      if (!pem.isEmpty()) {
        return pem;
      }
      waitOrFail(answer.body());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + api.port() + path))
        .header("Authorization", "Bearer " + api.adminToken());
  }

  private void waitOrFail(String last) throws IOException, InterruptedException {
    if (System.nanoTime() > end) {
      throw new IOException("the control plane did not join: " + last);
    }
    TimeUnit.MILLISECONDS.sleep(50);
  }
}
