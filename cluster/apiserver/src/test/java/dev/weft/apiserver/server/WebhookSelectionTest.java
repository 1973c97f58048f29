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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which webhooks are asked, how, and what becomes of their answers. */
class WebhookSelectionTest {
  private static final String ALLOW = "{'allowed':true}";
  private static final String PODS =
      "{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}";

  @TempDir Path directory;
  private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpsServer webhooks;
  private ApiServer server;
  private ObjectStore objects;
  private String bundle;

  @BeforeEach
  void open() throws Exception {
    KeyFiles keys = new KeyFiles(directory.resolve("keys"), "webhooks");
    bundle =
        Base64.getEncoder()
            .encodeToString(keys.caCertificatePem().getBytes(StandardCharsets.US_ASCII));
    webhooks = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhooks.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    webhooks.setHttpsConfigurator(
        new HttpsConfigurator(keys.serverContext("hooks", List.of("hooks.mesh.svc"))));
    answer("/allow", ALLOW);
    webhooks.start();
    server =
        TestServer.open(
            directory.resolve("server"),
            (namespace, service, port) -> {
              assertThat(namespace + "/" + service + ":" + port).isEqualTo("mesh/hooks:8443");
              return new Socket(InetAddress.getLoopbackAddress(), webhooks.getAddress().getPort());
            });
    objects = server.objects();
    server.start();
  }

  @AfterEach
  void close() throws Exception {
    released.countDown();
    server.close();
    webhooks.stop(0);
  }

  /** What is posted to a path is remembered by path and version. */
  private void answer(String path, String response) {
    webhooks.createContext(
        path,
        exchange -> {
          JsonNode review = Json.read(exchange.getRequestBody().readAllBytes(), new ArrayList<>());
          JsonNode request = review.path("request");
          asked.add(path + " " + Json.text(request, "kind", "version"));
          ObjectNode answer =
              Samples.json("{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview'}");
          answer.set("response", Samples.json(response).put("uid", Json.text(request, "uid")));
          byte[] body = Json.bytes(answer);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private ObjectNode configuration(String name, String path, String rule, String more) {
    return Samples.yaml(
        """
        metadata: {name: %1$s}
        webhooks:
        - name: %1$s.weft.dev
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 1
          clientConfig:
            caBundle: %4$s
            service: {name: hooks, namespace: mesh, path: %2$s, port: 8443}
          rules: [%3$s]
          %5$s
        """
            .formatted(name, path, rule, bundle, more));
  }

  private void validating(String name, String path, String rule, String more) {
    objects.create(BuiltInTypes.VALIDATING_WEBHOOKS, "", configuration(name, path, rule, more));
  }

  private static String patch(String json) {
    return "{'allowed':true,'patchType':'JSONPatch','patch':'"
        + Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8))
        + "'}";
  }

  @Test
  void objects_are_selected_by_their_labels() {
    validating("labels", "/allow", PODS, "objectSelector: {matchLabels: {app: web}}");
    objects.create(Samples.PODS, "default", Samples.pod("other"));
    assertThat(asked).isEmpty();
    objects.create(Samples.PODS, "default", Samples.pod("web"));
    assertThat(asked).containsExactly("/allow v1");
  }

  @Test
  void namespaces_are_selected_by_expressions_on_their_labels() {
    validating(
        "spaces",
        "/allow",
        PODS,
        "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator:"
            + " NotIn, values: [kube-system]}]}");
    objects.create(Samples.PODS, "kube-system", Samples.pod("web"));
    assertThat(asked).isEmpty();
    objects.create(Samples.PODS, "default", Samples.pod("web"));
    assertThat(asked).containsExactly("/allow v1");
  }

  @Test
  void a_custom_type_is_asked_about_in_the_version_that_the_rule_names() {
    objects.create(
        BuiltInTypes.CUSTOM_TYPES,
        "",
        Samples.yaml(
            """
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object}}
              - name: v1beta1
                served: true
                storage: false
                schema: {openAPIV3Schema: {type: object}}
            """));
    String rule =
        "{apiGroups: [example.com], apiVersions: [v1beta1], resources: ['*'], operations: ['*']}";
    validating("equivalent", "/allow", rule, "");
    ResourceType things = new ResourceType("example.com", "v1", "things", "Thing", true);
    objects.create(things, "default", Samples.yaml("{metadata: {name: one}}"));
    assertThat(asked).containsExactly("/allow v1beta1");
    asked.clear();
    objects.delete(
        BuiltInTypes.VALIDATING_WEBHOOKS, "", "equivalent", ObjectStore.DeleteOptions.BACKGROUND);
    validating("exact", "/allow", rule, "matchPolicy: Exact");
    objects.create(things, "default", Samples.yaml("{metadata: {name: two}}"));
    assertThat(asked).isEmpty();
  }

  @Test
  void a_webhook_that_is_too_slow_fails_the_write_or_is_ignored() {
    webhooks.createContext(
        "/slow",
        exchange -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    validating("slow", "/slow", PODS, "failurePolicy: Fail");
    assertThatThrownBy(() -> objects.create(Samples.PODS, "default", Samples.pod("web")))
        .isInstanceOf(ApiException.class)
        .hasMessage(
            "Internal error occurred: failed calling webhook \"slow.weft.dev\": failed to call"
                + " webhook: Post \"https://hooks.mesh.svc:8443/slow?timeout=1s\": context deadline"
                + " exceeded");
    objects.mergePatch(
        BuiltInTypes.VALIDATING_WEBHOOKS,
        "",
        "slow",
        Samples.json("{'webhooks':" + ignoring() + "}"));
    objects.create(Samples.PODS, "default", Samples.pod("web"));
  }

  private JsonNode ignoring() {
    return configuration("slow", "/slow", PODS, "failurePolicy: Ignore").get("webhooks");
  }

  @Test
  void who_wants_to_sees_what_others_made_of_the_object() {
    answer("/first", ALLOW);
    answer(
        "/second", patch("[{\"op\":\"add\",\"path\":\"/metadata/labels/late\",\"value\":\"x\"}]"));
    objects.create(
        BuiltInTypes.MUTATING_WEBHOOKS,
        "",
        configuration("a-first", "/first", PODS, "reinvocationPolicy: IfNeeded"));
    objects.create(
        BuiltInTypes.MUTATING_WEBHOOKS, "", configuration("b-second", "/second", PODS, ""));
    ObjectNode pod = objects.create(Samples.PODS, "default", Samples.pod("web"));
    assertThat(Json.text(pod, "metadata", "labels", "late")).isEqualTo("x");
    assertThat(asked).containsExactly("/first v1", "/second v1", "/first v1");
  }

  @Test
  void warnings_reach_the_client() throws Exception {
    answer("/warn", "{'allowed':true,'warnings':['that is old']}");
    validating("warn", "/warn", PODS, "");
    Kubectl client = Kubectl.of(server, directory);
    assertThat(client.run("", "run", "web", "--image=web:1").err())
        .isEqualTo("Warning: that is old\n");
  }

  @Test
  void a_configuration_that_cannot_work_is_refused() {
    ObjectNode bad = configuration("bad", "/allow", PODS, "matchPolicy: Often");
    ObjectNode webhook = (ObjectNode) bad.get("webhooks").get(0);
    webhook.put("timeoutSeconds", 31).put("name", "short").remove("sideEffects");
    assertThatThrownBy(() -> objects.create(BuiltInTypes.VALIDATING_WEBHOOKS, "", bad))
        .hasMessageContaining("webhooks[0].name: Invalid value: \"short\"")
        .hasMessageContaining("webhooks[0].sideEffects: Required value")
        .hasMessageContaining("webhooks[0].matchPolicy: Unsupported value: \"Often\"")
        .hasMessageContaining("the timeout value must be between 1 and 30 seconds");
  }
}
