package dev.weft.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ConfigKind;
import dev.weft.config.ControlIdentity;
import dev.weft.config.InjectorValuesParser;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.config.ProxyConfigSpec;
import dev.weft.inject.SidecarInjector.Result;
import dev.weft.types.ClusterId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SidecarInjectorTest {
  private static final Map<String, String> ENABLED = Map.of("istio-injection", "enabled");

  private static Result inject(ObjectNode pod) throws InvalidPodException {
    return inject(pod, ENABLED);
  }

  private static Result inject(ObjectNode pod, Map<String, String> namespaceLabels)
      throws InvalidPodException {
    return SidecarInjector.inject(
        pod,
        new InjectionInputs(
            pod.path("metadata").path("namespace").asText("default"),
            namespaceLabels,
            Map.of("ISTIO_META_CLUSTER_ID", "cluster1"),
            InjectionSettings.defaults()));
  }

  private static ObjectNode pod() {
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    pod.withObject("/metadata").put("name", "main").putObject("annotations");
    pod.withObject("/metadata/labels");
    pod.withObject("/spec").putArray("containers").addObject().put("name", "main");
    return pod;
  }

  static Stream<Path> cases() throws IOException {
    return Golden.cases("inject");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_pod_becomes_what_its_golden_file_says(Path directory) throws Exception {
    ObjectNode pod = (ObjectNode) Golden.read(directory.resolve("pod.yaml"));
    Result.Patched patched = (Result.Patched) inject(pod);

    Golden.check(directory.resolve("injected.yaml"), patched.pod());
    assertThat(PatchedDocument.apply(pod, patched.patch())).isEqualTo(patched.pod());
    assertThat(inject(patched.pod()))
        .isEqualTo(new Result.Untouched("the pod has its proxy already"));
  }

  record Decision(
      String name, String namespace, Map<String, String> namespaceLabels, String pod, String skip) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Decision> decisions() {
    Map<String, String> off = Map.of("istio-injection", "disabled");
    Map<String, String> rev = Map.of("istio.io/rev", "default");
    Map<String, String> other = Map.of("istio.io/rev", "canary");
    String on = "label sidecar.istio.io/inject true";
    return Stream.of(
        new Decision("enabled namespace", "default", ENABLED, "", ""),
        new Decision("silent namespace", "default", Map.of(), "", "has no label istio-injection"),
        new Decision("pod asks", "default", Map.of(), on, ""),
        new Decision("pod asks in a disabled namespace", "default", off, on, ""),
        new Decision("disabled namespace", "default", off, "", "istio-injection=disabled"),
        new Decision("our revision", "default", rev, "", ""),
        new Decision("another revision", "default", other, "", "revision canary is not this one"),
        new Decision(
            "pod declines",
            "default",
            ENABLED,
            "annotation sidecar.istio.io/inject false",
            "is \"false\""),
        new Decision("system namespace", "kube-system", ENABLED, on, "belongs to the system"));
  }

  @ParameterizedTest
  @MethodSource("decisions")
  void who_gets_a_proxy(Decision decision) throws InvalidPodException {
    ObjectNode pod = pod();
    if (!decision.pod().isEmpty()) {
      String[] words = decision.pod().split(" ", -1);
      pod.withObject("/metadata/" + words[0] + "s").put(words[1], words[2]);
    }
    Injection answer =
        Injection.decide(
            pod, decision.namespace(), decision.namespaceLabels(), InjectionSettings.defaults());
    if (decision.skip().isEmpty()) {
      assertThat(answer).isEqualTo(new Injection.Inject());
    } else {
      assertThat(((Injection.Skip) answer).reason()).contains(decision.skip());
    }
  }

  @Test
  void the_label_wins_over_the_annotation_and_host_network_over_both() throws InvalidPodException {
    ObjectNode pod = pod();
    pod.withObject("/metadata/labels").put(Injection.SWITCH, "true");
    pod.withObject("/metadata/annotations").put(Injection.SWITCH, "false");
    assertThat(inject(pod)).isInstanceOf(Result.Patched.class);
    pod.withObject("/spec").put("hostNetwork", true);
    assertThat(inject(pod)).isEqualTo(new Result.Untouched("the pod uses its node's network"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sidecar.istio.io/inject|maybe|neither "true" nor "false"
          sidecar.istio.io/proxyCPU|a lot|quantity
          sidecar.istio.io/logLevel|loud|log level
          sidecar.istio.io/componentLogLevel|loud|scope:level
          sidecar.istio.io/interceptionMode|MAGIC|REDIRECT, TPROXY or NONE
          sidecar.istio.io/rewriteAppHTTPProbers|1|true or false
          traffic.sidecar.istio.io/excludeInboundPorts|80,http|list of ports
          traffic.sidecar.istio.io/excludeInboundPorts|*|list of ports
          traffic.sidecar.istio.io/includeOutboundIPRanges|10.0.0.0|address ranges
          traffic.sidecar.istio.io/excludeOutboundIPRanges|10.0.0.0/33|address ranges
          istio.io/reroute-virtual-interfaces|net1|not supported
          traffic.sidecar.istio.io/kubevirtInterfaces|net1|not supported
          status.sidecar.istio.io/port|99999|0 to 65535
          readiness.status.sidecar.istio.io/periodSeconds|0|1 to 3600
          proxy.istio.io/config|concurrencies: 2|not a field of ProxyConfig
          proxy.istio.io/config|concurrency: many|field concurrency
          proxy.istio.io/config|discoveryAddress: nowhere|field discoveryAddress
          inject.istio.io/templates|waypoint|use sidecar or gateway
          sidecar.istio.io/userVolume|{|is not JSON
          """)
  void a_bad_annotation_is_named_with_its_value(String name, String value, String says) {
    ObjectNode pod = pod();
    pod.withObject("/metadata/annotations").put(name, value);
    assertThatThrownBy(() -> inject(pod))
        .isInstanceOf(InvalidPodException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(says);
  }

  @Test
  void the_webhook_speaks_admission_reviews() throws IOException {
    InjectionWebhook webhook =
        new InjectionWebhook(cluster -> InjectionSettings.defaults(), () -> ProxyConfigs.NONE);
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request");
    request.put("uid", "u-1").put("namespace", "default");
    request.putObject("kind").put("kind", "Pod");
    request.set("object", pod());

    JsonNode answer =
        Golden.json(webhook.handle("/inject/cluster/cluster2/net/network2", Golden.bytes(review)));
    assertThat(answer.path("response").path("uid").asText()).isEqualTo("u-1");
    assertThat(answer.path("response").path("allowed").asBoolean()).isTrue();
    JsonNode patch =
        Golden.json(Base64.getDecoder().decode(answer.path("response").path("patch").asText()));
    JsonNode patched = PatchedDocument.apply(pod(), patch);
    assertThat(patched.at("/metadata/labels/topology.istio.io~1network").asText())
        .isEqualTo("network2");
    assertThat(patched.toString())
        .contains("{\"name\":\"ISTIO_META_CLUSTER_ID\",\"value\":\"cluster2\"}")
        .contains("{\"name\":\"ISTIO_META_NETWORK\",\"value\":\"network2\"}");

    ((ObjectNode) request.path("object"))
        .withObject("/metadata/annotations")
        .put("sidecar.istio.io/proxyCPU", "a lot");
    JsonNode refused = Golden.json(webhook.handle("/inject", Golden.bytes(review)));
    assertThat(refused.path("response").path("allowed").asBoolean(true)).isFalse();
    assertThat(refused.at("/response/status/message").asText())
        .contains("sidecar.istio.io/proxyCPU: \"a lot\"");

    assertThat(
            Golden.json(webhook.handle("/inject", new byte[] {'x'}))
                .at("/response/allowed")
                .asBoolean(true))
        .isFalse();
  }

  private static ProxyConfigSpec object(
      String namespace, int created, Map<String, String> selector, @Nullable Integer concurrency) {
    ObjectRef ref = new ObjectRef(ConfigKind.PROXY_CONFIG, namespace, "object-" + created);
    return new ProxyConfigSpec(
        new ObjectMeta(ref, Map.of(), Instant.ofEpochSecond(created), 1),
        selector,
        concurrency,
        Map.of("BY", ref.name()),
        "");
  }

  @ParameterizedTest
  @CsvSource({
    "1, '', object-1, 1",
    "2, '', object-2, 2",
    "4, '', object-2, 2",
    "2, pod, pod, 9",
    "5, pod, object-5, 9",
    "6, pod, object-5, 9",
  })
  void of_objects_about_proxies_the_narrower_one_counts_and_of_two_the_older(
      int count, String annotation, String by, int concurrency) throws Exception {
    List<ProxyConfigSpec> objects =
        List.of(
            object("istio-system", 1, Map.of(), 1),
            object("default", 2, Map.of(), 2),
            object("default", 3, Map.of(), 3),
            object("elsewhere", 4, Map.of(), 4),
            object("default", 5, Map.of("app", "cart"), null),
            object("default", 6, Map.of("app", "cart"), 6));
    ObjectNode pod = pod();
    pod.withObject("/metadata/labels").put("app", "cart");
    if (!annotation.isEmpty()) {
      pod.withObject("/metadata/annotations")
          .put(ProxyConfig.ANNOTATION, "{concurrency: 9, proxyMetadata: {BY: pod}}");
    }
    ProxyConfigs configs = new ProxyConfigs("istio-system", objects.subList(0, count).reversed());
    JsonNode patched =
        ((Result.Patched)
                SidecarInjector.inject(
                    pod,
                    new InjectionInputs(
                        "default", ENABLED, Map.of(), InjectionSettings.defaults(), configs)))
            .pod();
    assertThat(patched.toString())
        .contains("{\"name\":\"BY\",\"value\":\"" + by + "\"}")
        .contains("\\\"concurrency\\\":" + concurrency);
  }

  private static InjectionSettings values(String global) throws IOException {
    Map<String, Object> tree =
        new JsonMapper()
            .readValue(global.replace('\'', '"'), new TypeReference<Map<String, Object>>() {});
    return InjectionSettings.of(
        MeshSettings.defaults()
            .withInjector(InjectorValuesParser.read(tree, "ConfigMap test").values()),
        new ControlIdentity(Optional.of(new ClusterId("home")), "canary", "istio-system", "mesh-1"),
        false);
  }

  private static JsonNode injected(ObjectNode pod, String cluster, InjectionSettings settings)
      throws InvalidPodException {
    Map<String, String> url =
        cluster.isEmpty() ? Map.of() : Map.of("ISTIO_META_CLUSTER_ID", cluster);
    return ((Result.Patched)
            SidecarInjector.inject(pod, new InjectionInputs("default", ENABLED, url, settings)))
        .pod();
  }

  @Test
  void the_installation_says_which_image_is_pulled_and_how() throws Exception {
    InjectionSettings settings =
        values(
            "{'global':{'hub':'example.test','tag':'7','imagePullPolicy':'Always',"
                + "'imagePullSecrets':['regcred']}}");
    ObjectNode pod = pod();
    pod.withObject("/spec").putArray("imagePullSecrets").addObject().put("name", "own");

    JsonNode patched = injected(pod, "", settings);
    assertThat(patched.at("/spec/initContainers/0/image").asText())
        .isEqualTo("example.test/weft:7");
    assertThat(patched.at("/spec/containers/0/image").asText()).isEqualTo("example.test/weft:7");
    assertThat(patched.at("/spec/containers/0/imagePullPolicy").asText()).isEqualTo("Always");
    assertThat(patched.at("/spec/imagePullSecrets"))
        .hasToString("[{\"name\":\"own\"},{\"name\":\"regcred\"}]");
    assertThat(patched.at("/metadata/annotations/sidecar.istio.io~1status").asText())
        .contains("\"imagePullSecrets\":[\"regcred\"]", "\"revision\":\"canary\"");
  }

  @Test
  void an_older_cluster_has_no_sidecar_containers_so_the_application_is_held() throws Exception {
    JsonNode patched = injected(pod(), "", values("{}"));
    assertThat(patched.at("/spec/containers/0/name").asText()).isEqualTo("istio-proxy");
    assertThat(patched.at("/spec/containers/0/lifecycle/postStart/exec/command").toString())
        .contains("wait");
    assertThat(
            injected(pod(), "", values("{'global':{'nativeSidecars':true}}"))
                .at("/spec/initContainers/1/restartPolicy")
                .asText())
        .isEqualTo("Always");
    assertThat(
            injected(
                    pod(),
                    "",
                    values(
                        "{'global':{'nativeSidecars':false,"
                            + "'proxy':{'holdApplicationUntilProxyStarts':false}}}"))
                .at("/spec/containers/1/name")
                .asText())
        .isEqualTo("istio-proxy");
  }

  @Test
  void a_pod_that_its_node_redirects_waits_for_it_and_needs_no_capability() throws Exception {
    InjectionSettings settings =
        values("{'global':{'nativeSidecars':true},'pilot':{'cni':{'enabled':true}}}");
    ObjectNode pod = pod();
    pod.withObject("/spec").putArray("initContainers").addObject().put("name", "own");

    JsonNode init = injected(pod, "", settings).at("/spec/initContainers");
    assertThat(init.findValuesAsText("name").stream().filter(n -> !n.contains("ISTIO")))
        .containsSubsequence("istio-validation", "istio-proxy", "own");
    assertThat(init.at("/0/args").toString())
        .contains("\"-p\",\"15001\"", "--run-validation", "--skip-rule-apply");
    for (JsonNode each : new JsonNode[] {init.get(0), init.get(1)}) {
      assertThat(each.path("securityContext")).isEqualTo(ProxyPod.securityContext());
    }
  }

  @Test
  void a_pod_that_captures_nothing_waits_for_nobody() throws Exception {
    ObjectNode pod = pod();
    pod.withObject("/metadata/annotations").put("sidecar.istio.io/interceptionMode", "NONE");
    assertThat(injected(pod, "", values("{'pilot':{'cni':{'enabled':true}}}")).toString())
        .doesNotContain("istio-validation");
  }

  @Test
  void the_installations_network_is_that_of_its_own_cluster_alone() throws Exception {
    InjectionSettings settings = values("{'global':{'network':'network1'}}");
    assertThat(injected(pod(), "", settings).toString())
        .contains("{\"name\":\"ISTIO_META_CLUSTER_ID\",\"value\":\"home\"}")
        .contains("{\"name\":\"ISTIO_META_NETWORK\",\"value\":\"network1\"}");
    assertThat(injected(pod(), "home", settings).toString()).contains("ISTIO_META_NETWORK");
    assertThat(injected(pod(), "remote", settings).toString())
        .contains("{\"name\":\"ISTIO_META_CLUSTER_ID\",\"value\":\"remote\"}")
        .doesNotContain("ISTIO_META_NETWORK");
  }

  @Test
  void exceptions_of_the_installation_hold_where_the_pod_says_nothing() throws Exception {
    InjectionSettings settings =
        values(
            "{'sidecarInjectorWebhook':{'neverInjectSelector':[{'matchLabels':{'kind':'job'}}],"
                + "'alwaysInjectSelector':[{'matchLabels':{'mesh':'yes'}}]}}");
    ObjectNode job = pod();
    job.withObject("/metadata/labels").put("kind", "job");
    assertThat(Injection.decide(job, "default", ENABLED, settings))
        .isEqualTo(new Injection.Skip("the pod's labels match a neverInjectSelector"));
    job.withObject("/metadata/labels").put(Injection.SWITCH, "true");
    assertThat(Injection.decide(job, "default", ENABLED, settings))
        .isEqualTo(new Injection.Inject());
    ObjectNode always = pod();
    always.withObject("/metadata/labels").put("mesh", "yes");
    assertThat(Injection.decide(always, "default", Map.of(), settings))
        .isEqualTo(new Injection.Inject());
  }

  @Test
  void the_url_carries_environment_in_both_spellings() {
    assertThat(InjectionWebhook.environment("/inject")).isEmpty();
    assertThat(InjectionWebhook.environment("/inject/cluster/c1/net/n--slash--1/"))
        .isEqualTo(Map.of("ISTIO_META_CLUSTER_ID", "c1", "ISTIO_META_NETWORK", "n/1"));
    assertThat(InjectionWebhook.environment("/inject/:ENV:cluster=c1:ENV:FOO=bar"))
        .isEqualTo(Map.of("ISTIO_META_CLUSTER_ID", "c1", "FOO", "bar"));
  }
}
