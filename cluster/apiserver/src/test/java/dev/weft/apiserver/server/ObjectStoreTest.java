package dev.weft.apiserver.server;

import static dev.weft.apiserver.Samples.CONFIG_MAPS;
import static dev.weft.apiserver.Samples.DEPLOYMENTS;
import static dev.weft.apiserver.Samples.NAMESPACES;
import static dev.weft.apiserver.Samples.PODS;
import static dev.weft.apiserver.Samples.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.print.PodCells;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
  private static final ResourceType SECRETS = ResourceType.core("secrets", "Secret");

  @TempDir Path directory;
  private ApiServer server;
  private ObjectStore objects;

  @BeforeEach
  void open() throws Exception {
    server = TestServer.open(directory);
    objects = server.objects();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static void refused(int code, String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message);
            });
  }

  private ObjectNode scheduled(String name) {
    objects.create(PODS, "default", Samples.pod(name));
    return objects.mergePatch(PODS, "default", name, Samples.json("{'spec':{'nodeName':'node1'}}"));
  }

  @Test
  void a_reopened_server_has_the_same_objects_keys_and_addresses() throws Exception {
    ObjectNode service =
        objects.create(
            SERVICES,
            "default",
            Samples.yaml("{metadata: {name: web}, spec: {ports: [{port: 80}]}}"));
    String token = server.adminToken();
    String ca = server.caCertificatePem();
    server.close();
    open();
    assertThat(server.adminToken()).isEqualTo(token);
    assertThat(server.caCertificatePem()).isEqualTo(ca);
    assertThat(objects.get(SERVICES, "default", "web")).contains(service);
    ObjectNode taken =
        Samples.yaml("{metadata: {name: other}, spec: {ports: [{port: 80}], clusterIP: x}}");
    ((ObjectNode) taken.get("spec")).put("clusterIP", Json.text(service, "spec", "clusterIP"));
    refused(
        422, "provided IP is already allocated", () -> objects.create(SERVICES, "default", taken));
  }

  @Test
  void followers_see_what_is_there_then_synced_then_every_change() throws Exception {
    objects.create(CONFIG_MAPS, "default", Samples.configMap("a", "1"));
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (AutoCloseable follow =
        objects.follow(
            CONFIG_MAPS,
            "default",
            Selector.fields("metadata.name!=kube-root-ca.crt"),
            (change, object) ->
                seen.add(
                    change
                        + " "
                        + Json.text(object, "metadata", "name")
                        + " "
                        + Json.text(object, "data", "key")))) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("ADDED a 1");
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("SYNCED  ");
      objects.create(CONFIG_MAPS, "default", Samples.configMap("b", "1"));
      objects.mergePatch(CONFIG_MAPS, "default", "b", Samples.json("{'data':{'key':'2'}}"));
      objects.delete(CONFIG_MAPS, "default", "a", ObjectStore.DeleteOptions.NOW);
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("ADDED b 1");
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("MODIFIED b 2");
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("DELETED a 1");
    }
  }

  @Test
  void a_stale_update_is_a_conflict_and_an_equal_one_is_no_write() {
    ObjectNode first = objects.create(CONFIG_MAPS, "default", Samples.configMap("a", "1"));
    ObjectNode same = objects.update(CONFIG_MAPS, "default", "a", first);
    assertThat(same).isEqualTo(first);
    objects.mergePatch(CONFIG_MAPS, "default", "a", Samples.json("{'data':{'key':'2'}}"));
    refused(
        409,
        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified",
        () -> objects.update(CONFIG_MAPS, "default", "a", first));
  }

  @Test
  void status_and_the_rest_are_written_apart() {
    ObjectNode made = objects.create(DEPLOYMENTS, "default", Samples.deployment("web"));
    assertThat(made.path("metadata").path("generation").asInt()).isEqualTo(1);
    assertThat(made.path("spec").path("strategy").toString())
        .isEqualTo(
            "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}}");
    ObjectNode status =
        objects.mergePatchStatus(
            DEPLOYMENTS,
            "default",
            "web",
            Samples.json("{'status':{'readyReplicas':1},'spec':{'replicas':5}}"));
    assertThat(status.path("spec").path("replicas").asInt()).isEqualTo(1);
    assertThat(status.path("metadata").path("generation").asInt()).isEqualTo(1);
    ObjectNode spec =
        objects.mergePatch(
            DEPLOYMENTS,
            "default",
            "web",
            Samples.json("{'status':{'readyReplicas':7},'spec':{'replicas':5}}"));
    assertThat(spec.path("status").path("readyReplicas").asInt()).isEqualTo(1);
    assertThat(spec.path("metadata").path("generation").asInt()).isEqualTo(2);
    refused(
        422,
        "spec.selector: Invalid value",
        () ->
            objects.mergePatch(
                DEPLOYMENTS,
                "default",
                "web",
                Samples.json(
                    "{'spec':{'selector':{'matchLabels':{'app':'x'}},'template':{'metadata':{'labels':{'app':'x'}}}}}")));
  }

  @Test
  void pods_get_an_account_a_token_and_defaults() {
    ObjectNode pod = objects.create(PODS, "default", Samples.pod("web"));
    ObjectNode spec = (ObjectNode) pod.get("spec");
    assertThat(Json.text(spec, "serviceAccountName")).isEqualTo("default");
    assertThat(spec.path("terminationGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(Json.text(spec.path("containers").get(0), "imagePullPolicy"))
        .isEqualTo("IfNotPresent");
    String volume = Json.text(spec.path("volumes").get(0), "name");
    assertThat(volume).startsWith("kube-api-access-");
    assertThat(spec.path("containers").get(0).path("volumeMounts").get(0).path("name").asText())
        .isEqualTo(volume);
    assertThat(Json.text(pod, "status", "phase")).isEqualTo("Pending");
    ObjectNode stranger = Samples.pod("stranger");
    ((ObjectNode) stranger.get("spec")).put("serviceAccountName", "nobody");
    refused(
        403,
        "serviceaccount \"nobody\" not found",
        () -> objects.create(PODS, "default", stranger));
  }

  @Test
  void a_running_pod_is_deleted_in_two_steps_and_a_pending_one_in_one() {
    scheduled("web");
    objects.delete(PODS, "default", "web", ObjectStore.DeleteOptions.BACKGROUND);
    ObjectNode deleting = objects.get(PODS, "default", "web").orElseThrow();
    assertThat(Json.has(deleting, "metadata", "deletionTimestamp")).isTrue();
    assertThat(deleting.path("metadata").path("deletionGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(PodCells.status(deleting)).isEqualTo("Terminating");
    objects.delete(PODS, "default", "web", ObjectStore.DeleteOptions.NOW);
    assertThat(objects.get(PODS, "default", "web")).isEmpty();
    objects.create(PODS, "default", Samples.pod("new"));
    objects.delete(PODS, "default", "new", ObjectStore.DeleteOptions.BACKGROUND);
    assertThat(objects.get(PODS, "default", "new")).isEmpty();
  }

  @Test
  void finalizers_keep_an_object_until_they_are_gone() {
    ObjectNode map = Samples.configMap("a", "1");
    map.withObject("/metadata").putArray("finalizers").add("example.com/keep");
    objects.create(CONFIG_MAPS, "default", map);
    objects.delete(CONFIG_MAPS, "default", "a", ObjectStore.DeleteOptions.BACKGROUND);
    assertThat(objects.get(CONFIG_MAPS, "default", "a")).isPresent();
    objects.mergePatch(
        CONFIG_MAPS, "default", "a", Samples.json("{'metadata':{'finalizers':null}}"));
    assertThat(objects.get(CONFIG_MAPS, "default", "a")).isEmpty();
  }

  @Test
  void a_terminating_namespace_takes_nothing_new_and_goes_with_its_finalizer() {
    objects.create(NAMESPACES, "", Samples.yaml("{metadata: {name: shop}}"));
    objects.create(CONFIG_MAPS, "shop", Samples.configMap("a", "1"));
    objects.delete(NAMESPACES, "", "shop", ObjectStore.DeleteOptions.BACKGROUND);
    ObjectNode terminating = objects.get(NAMESPACES, "", "shop").orElseThrow();
    assertThat(Json.text(terminating, "status", "phase")).isEqualTo("Terminating");
    refused(
        403,
        "unable to create new content in namespace shop because it is being terminated",
        () -> objects.create(CONFIG_MAPS, "shop", Samples.configMap("b", "1")));
    objects.update(
        NAMESPACES,
        "",
        "shop",
        Samples.json("{'metadata':{'name':'shop'},'spec':{'finalizers':[]}}"));
    assertThat(objects.get(NAMESPACES, "", "shop")).isEmpty();
  }

  @Test
  void bad_objects_are_refused_with_the_field_at_fault() {
    refused(
        422,
        "Pod \"web\" is invalid: spec.containers[0].image: Required value",
        () ->
            objects.create(
                PODS,
                "default",
                Samples.yaml("{metadata: {name: web}, spec: {containers: [{name: a}]}}")));
    refused(
        422,
        "metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain",
        () -> objects.create(CONFIG_MAPS, "default", Samples.configMap("Web", "1")));
    refused(
        404,
        "namespaces \"nowhere\" not found",
        () -> objects.create(CONFIG_MAPS, "nowhere", Samples.configMap("a", "1")));
    objects.create(CONFIG_MAPS, "default", Samples.configMap("a", "1"));
    refused(
        409,
        "configmaps \"a\" already exists",
        () -> objects.create(CONFIG_MAPS, "default", Samples.configMap("a", "1")));
    ObjectNode mismatched = Samples.deployment("web");
    mismatched.withObject("/spec/selector/matchLabels").put("app", "other");
    refused(
        422,
        "`selector` does not match template `labels`",
        () -> objects.create(DEPLOYMENTS, "default", mismatched));
  }

  @Test
  void what_is_too_large_for_kubernetes_is_refused_in_its_words() {
    int max = 1 << 20;
    ObjectNode map = Samples.yaml("{metadata: {name: large}, data: {}}");
    map.withObject("/data").put("half", "x".repeat(max / 2)).put("rest", "é".repeat(max / 4));
    objects.create(CONFIG_MAPS, "default", map.deepCopy());
    ObjectNode more = map.deepCopy();
    more.withObject("/metadata").put("name", "larger");
    more.withObject("/data").put("a", "x");
    refused(
        422,
        "ConfigMap \"larger\" is invalid: []: Too long: may not be more than 1048576 bytes",
        () -> objects.create(CONFIG_MAPS, "default", more));
    ObjectNode binary = Samples.yaml("{metadata: {name: binary}, data: {}}");
    binary.withObject("/binaryData").put("b", "AAAA".repeat(max / 3 + 1));
    refused(
        422,
        "[]: Too long: may not be more than 1048576 bytes",
        () -> objects.create(CONFIG_MAPS, "default", binary));
    ObjectNode secret = Samples.yaml("{metadata: {name: large}, data: {}}");
    secret.withObject("/data").put("a", "AAAA".repeat(max / 3) + "AA==");
    objects.create(SECRETS, "default", secret.deepCopy());
    secret.withObject("/metadata").put("name", "larger");
    secret.withObject("/data").put("b", "AA==");
    refused(
        422,
        "Secret \"larger\" is invalid: data: Too long: may not be more than 1048576 bytes",
        () -> objects.create(SECRETS, "default", secret));
    ObjectNode noted = Samples.configMap("noted", "1");
    noted.withObject("/metadata/annotations").put("a", "x".repeat(262_143));
    objects.create(CONFIG_MAPS, "default", noted.deepCopy());
    noted.withObject("/metadata").put("name", "more");
    noted.withObject("/metadata/annotations").put("b", "");
    refused(
        422,
        "metadata.annotations: Too long: may not be more than 262144 bytes",
        () -> objects.create(CONFIG_MAPS, "default", noted));
  }

  @Test
  void cluster_ips_are_given_kept_and_returned() {
    ObjectNode web =
        objects.create(
            SERVICES,
            "default",
            Samples.yaml("{metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80}]}}"));
    String address = Json.text(web, "spec", "clusterIP");
    assertThat(address).startsWith("10.96.");
    assertThat(web.path("spec").path("ports").get(0).path("targetPort").asInt()).isEqualTo(80);
    assertThat(web.path("spec").path("ports").get(0).path("nodePort").asInt())
        .isBetween(30000, 32767);
    refused(
        422,
        "may not change once set",
        () ->
            objects.mergePatch(
                SERVICES,
                "default",
                "web",
                Samples.json("{'spec':{'clusterIP':'10.96.200.200'}}")));
    ObjectNode headless =
        objects.create(
            SERVICES,
            "default",
            Samples.yaml(
                "{metadata: {name: peers}, spec: {clusterIP: None, ports: [{port: 80}]}}"));
    assertThat(Json.text(headless, "spec", "clusterIP")).isEqualTo("None");
    objects.delete(SERVICES, "default", "web", ObjectStore.DeleteOptions.NOW);
    ObjectNode again = Samples.yaml("{metadata: {name: again}, spec: {ports: [{port: 80}]}}");
    again.withObject("/spec").put("clusterIP", address);
    assertThat(Json.text(objects.create(SERVICES, "default", again), "spec", "clusterIP"))
        .isEqualTo(address);
  }

  @Test
  void generated_names_are_unique() {
    ObjectNode map = Samples.yaml("{metadata: {generateName: web-}, data: {}}");
    String first = Json.text(objects.create(CONFIG_MAPS, "default", map), "metadata", "name");
    String second = Json.text(objects.create(CONFIG_MAPS, "default", map), "metadata", "name");
    assertThat(first).startsWith("web-").hasSize(9).isNotEqualTo(second);
  }
}
