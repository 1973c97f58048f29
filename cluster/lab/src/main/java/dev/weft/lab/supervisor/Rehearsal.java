package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets an API server and its controllers do what they do in every lab, without network or pods and
 * without privileges, so that the JVM can keep the classes that a supervisor loads.
 */
final class Rehearsal {
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: rehearsal, namespace: default}
      spec:
        replicas: 2
        selector: {matchLabels: {app: rehearsal}}
        template:
          metadata: {labels: {app: rehearsal}}
          spec: {containers: [{name: c, image: none, ports: [{containerPort: 80}]}]}
      """;
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: rehearsal, namespace: default}
      spec: {type: LoadBalancer, selector: {app: rehearsal}, ports: [{port: 80}]}
      """;
  private static final List<String> PATHS =
      List.of(
          "/api",
          "/apis",
          "/openapi/v3",
          "/openapi/v3/api/v1",
          "/api/v1/namespaces/default/pods?limit=500",
          "/apis/apps/v1/deployments?watch=true&timeoutSeconds=1");

  private Rehearsal() {}

  static void run(Path directory) throws IOException, InterruptedException {
    LabDirectory lab = new LabDirectory(directory);
    lab.create();
    try (Member member =
        Member.open(
            "rehearsal",
            lab,
            "127.0.0.1",
            "10.96.0.0/16",
            List.of("172.18.1.230-172.18.1.240"),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("a rehearsal has no services");
            })) {
      member.start();
      ask(member.api());
      ObjectNode deployment = Trees.yaml(DEPLOYMENT);
      member.store().create(Kinds.DEPLOYMENTS, "default", deployment);
      member.store().create(Kinds.SERVICES, "default", Trees.yaml(SERVICE));
      Kubeconfigs.merge(List.of(member.api().kubeconfig("c", member.hostServer())), "c");
      // the controllers work beside; what they did not come to do is loaded when it is needed
      TimeUnit.SECONDS.sleep(1);
      ask(member.api());
    }
  }

  private static void ask(ApiServer api) throws IOException, InterruptedException {
    try (HttpClient client = TrustingClient.of(api)) {
      for (String path : PATHS) {
        client.send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + api.port() + path))
                .header("Authorization", "Bearer " + api.adminToken())
                .header(
                    "Accept",
                    path.contains("pods")
                        ? "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
                        : "application/json")
                .build(),
            BodyHandlers.discarding());
      }
    }
  }
}
