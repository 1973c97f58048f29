package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.auth.KeyFiles;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.BuiltInTypes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {
  private static final String ALLOW = "{'allowed':true}";

  @TempDir Path directory;
  private HttpsServer webhook;
  private ApiServer server;
  private ObjectStore objects;
  private KeyFiles keys;
  private final LinkedBlockingQueue<JsonNode> asked = new LinkedBlockingQueue<>();
  private volatile Function<JsonNode, String> response = request -> ALLOW;

  @BeforeEach
  void open() throws Exception {
    keys = new KeyFiles(directory.resolve("keys"), "webhook");
    webhook = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhook.setHttpsConfigurator(
        new HttpsConfigurator(keys.serverContext("injector", List.of("injector.mesh.svc"))));
    webhook.createContext(
        "/inject",
        exchange -> {
          JsonNode review = Json.read(exchange.getRequestBody().readAllBytes(), new ArrayList<>());
          JsonNode request = review.path("request");
          asked.add(request);
          ObjectNode answer =
              Samples.json("{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview'}");
          answer.set(
              "response",
              Samples.json(response.apply(request)).put("uid", Json.text(request, "uid")));
          byte[] body = Json.bytes(answer);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    webhook.start();
    server =
        TestServer.open(
            directory.resolve("server"),
            (namespace, service, port) -> {
              assertThat(namespace + "/" + service + ":" + port).isEqualTo("mesh/injector:443");
              return new Socket(InetAddress.getLoopbackAddress(), webhook.getAddress().getPort());
            });
    objects = server.objects();
    objects.create(
        Samples.NAMESPACES,
        "",
        Samples.yaml("{metadata: {name: shop, labels: {inject: yes-please}}}"));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    webhook.stop(0);
  }

  private void configure(ResourceType type, String policy, String caBundle) {
    ObjectNode configuration =
        Samples.yaml(
            """
            metadata: {name: injector}
            webhooks:
            - name: inject.weft.dev
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: %s
              timeoutSeconds: 5
              clientConfig:
                caBundle: %s
                service: {name: injector, namespace: mesh, path: /inject}
              namespaceSelector: {matchLabels: {inject: yes-please}}
              rules:
              - {apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}
            """
                .formatted(policy, caBundle));
    objects.create(type, "", configuration);
  }

  private static String bundle(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void pods_made_in_the_same_process_are_patched_where_the_namespace_is_selected() {
    configure(BuiltInTypes.MUTATING_WEBHOOKS, "Fail", bundle(keys.caCertificatePem()));
    String patch =
        "[{\"op\":\"add\",\"path\":\"/spec/containers/-\",\"value\":{\"name\":\"proxy\",\"image\":\"p:1\"}}]";
    response =
        request ->
            "{'allowed':true,'patchType':'JSONPatch','patch':'"
                + Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8))
                + "'}";
    ObjectNode pod = objects.create(Samples.PODS, "shop", Samples.pod("web"));
    JsonNode containers = pod.path("spec").path("containers");
    assertThat(containers).hasSize(2);
    assertThat(Json.text(containers.get(1), "imagePullPolicy")).isEqualTo("IfNotPresent");
    // The server's own admission runs again, so that the new container can reach the API too.
    assertThat(containers.get(1).path("volumeMounts"))
        .isEqualTo(containers.get(0).path("volumeMounts"));
    assertThat(pod.path("spec").path("volumes")).hasSize(1);
    JsonNode request = asked.remove();
    assertThat(Json.text(request, "operation")).isEqualTo("CREATE");
    assertThat(Json.text(request, "namespace")).isEqualTo("shop");
    assertThat(Json.text(request, "object", "kind")).isEqualTo("Pod");
    assertThat(Json.text(request, "object", "spec", "serviceAccountName")).isEqualTo("default");

    ObjectNode other = objects.create(Samples.PODS, "default", Samples.pod("web"));
    assertThat(other.path("spec").path("containers")).hasSize(1);
    assertThat(asked).isEmpty();
  }

  @Test
  void a_denial_is_told_in_the_words_of_the_webhook() {
    configure(BuiltInTypes.VALIDATING_WEBHOOKS, "Fail", bundle(keys.caCertificatePem()));
    response = request -> "{'allowed':false,'status':{'code':403,'message':'no pods today'}}";
    assertThatThrownBy(() -> objects.create(Samples.PODS, "shop", Samples.pod("web")))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.code()).isEqualTo(403);
              assertThat(e.getMessage())
                  .isEqualTo(
                      "admission webhook \"inject.weft.dev\" denied the request: no pods today");
            });
    assertThat(objects.get(Samples.PODS, "shop", "web")).isEmpty();
  }

  @Test
  void a_webhook_that_nobody_can_trust_fails_the_write() {
    configure(BuiltInTypes.MUTATING_WEBHOOKS, "Fail", bundle(server.caCertificatePem()));
    assertThatThrownBy(() -> objects.create(Samples.PODS, "shop", Samples.pod("web")))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.code()).isEqualTo(500);
              assertThat(e.getMessage())
                  .startsWith(
                      "Internal error occurred: failed calling webhook \"inject.weft.dev\": failed"
                          + " to call webhook: Post"
                          + " \"https://injector.mesh.svc:443/inject?timeout=5s\": ");
            });
  }

  @Test
  void a_failing_webhook_may_be_ignored() {
    configure(BuiltInTypes.MUTATING_WEBHOOKS, "Ignore", bundle(server.caCertificatePem()));
    assertThat(objects.create(Samples.PODS, "shop", Samples.pod("web"))).isNotNull();
  }
}
