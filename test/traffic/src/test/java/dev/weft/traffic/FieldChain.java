package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ConfigSet;
import dev.weft.config.DestinationRule;
import dev.weft.config.ProxyConfigSpec;
import dev.weft.inject.InjectionInputs;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.InvalidPodException;
import dev.weft.inject.ProxyConfigs;
import dev.weft.inject.SidecarInjector;
import dev.weft.inject.ValidationWebhook;
import dev.weft.provision.Desired;
import dev.weft.provision.ProvisionSettings;
import dev.weft.snapshot.EmptySubsets;
import dev.weft.traffic.FieldCase.Kind;
import dev.weft.traffic.FieldCase.Verdict;
import dev.weft.translate.MeshFile;
import dev.weft.types.ClusterId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The way of an object from {@code kubectl apply} to a request: admission, snapshot, translation,
 * the compiler of the proxies, and traffic through them.
 */
final class FieldChain {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLUSTER = "c1";

  private final FieldWorld world;

  FieldChain(FieldWorld world) {
    this.world = world;
  }

  void run(FieldCase tried) throws IOException {
    assertThat(tried.expects()).as("%s says what comes of it", tried).isTrue();
    admission(tried);
    if (tried.verdict() == Verdict.REFUSED) {
      return;
    }
    if (tried.kind() == Kind.ISTIO_GATEWAY) {
      made(tried);
      return;
    }
    if (tried.kind() == Kind.PROXY_CONFIG) {
      injected(tried);
      return;
    }
    List<Object> objects = new ArrayList<>(tried.beside());
    objects.add(tried.object());
    world.mesh().objects(objects);
    Client client = world.mesh().client("client-1", true, tried.field());
    try {
      new FieldSteps(world, client).run(tried.steps());
    } finally {
      client.close();
    }
    String log = String.join("\n", client.proxy().log());
    tried.logged().forEach(part -> assertThat(log).contains(part));
  }

  private void admission(FieldCase tried) throws IOException {
    JsonNode answer = review(tried.object());
    String refusal = answer.at("/status/message").asText();
    assertThat(answer.path("allowed").asBoolean())
        .as("admission: %s", refusal)
        .isEqualTo(tried.verdict() != Verdict.REFUSED);
    List<String> warnings = new ArrayList<>();
    answer.path("warnings").forEach(w -> warnings.add(w.asText()));
    switch (tried.verdict()) {
      case CARRIED_OUT -> assertThat(warnings).as("what is carried out needs no warning").isEmpty();
      case WARNED -> assertThat(warnings).anySatisfy(w -> said(w, tried.field(), tried.warns()));
      case REFUSED ->
          assertThat(refusal.split("; ")).anySatisfy(r -> said(r, tried.field(), tried.refuses()));
    }
  }

  /** A message names the field or one that it leaves open inside, and says what is expected. */
  private static void said(String message, String field, String text) {
    assertThat(message).contains(text);
    String path = message.replaceFirst("^[^,]*, spec\\.", "").replaceFirst(": .*", "");
    String named = FieldPaths.once(path.replaceAll("\\[\\d+]", ""));
    assertThat((field + ".").startsWith(named + ".") || named.startsWith(field + "."))
        .as("%s is the field in: %s", field, message)
        .isTrue();
  }

  private JsonNode review(Map<String, Object> object) throws IOException {
    byte[] review =
        JSON.writeValueAsBytes(
            Map.of(
                "apiVersion",
                "admission.k8s.io/v1",
                "request",
                Map.of("uid", "1", "object", object)));
    ValidationWebhook webhook =
        new ValidationWebhook(
            parsed ->
                parsed instanceof DestinationRule rule
                    ? EmptySubsets.of(rule, world.mesh().snapshot())
                    : List.of());
    return JSON.readTree(webhook.handle(review)).path("response");
  }

  private static void made(FieldCase tried) throws IOException {
    expect(tried, made(config(tried)));
  }

  /** A cluster, and all objects of a case. */
  private static ConfigSet config(FieldCase tried) throws IOException {
    List<Object> objects = new ArrayList<>(tried.beside());
    objects.add(tried.object());
    return MeshFile.of(Map.of("clusters", Map.of(CLUSTER, Map.of()), "objects", objects)).config();
  }

  /** What the mesh makes of the IstioGateway {@code web} in the cluster, by kind. */
  private static Map<String, JsonNode> made(ConfigSet config) {
    Desired desired =
        Desired.of(config, "", ProvisionSettings.of("192.0.2.1", InjectionSettings.defaults()));
    Map<String, JsonNode> made = new java.util.TreeMap<>();
    desired
        .in(new ClusterId(CLUSTER))
        .forEach(
            m -> {
              if (m.key().name().equals("istio-web")) {
                made.put(m.key().kind().kind(), m.body());
              }
            });
    return made;
  }

  /** What becomes of a pod with the label {@code tier: gold}, and of a gateway that is there. */
  private static void injected(FieldCase tried) throws IOException {
    ConfigSet config = config(tried);
    ObjectNode pod = JSON.createObjectNode();
    pod.withObject("/metadata").put("name", "app").withObject("/labels").put("tier", "gold");
    pod.withObject("/metadata/annotations")
        .put(
            "proxy.istio.io/config",
            "{concurrency: 2, proxyMetadata: {BY_POD: 'yes', WHOSE: pod}}");
    pod.withObject("/spec").putArray("containers").addObject().put("name", "app");
    InjectionInputs inputs =
        new InjectionInputs(
            "shop",
            Map.of("istio-injection", "enabled"),
            Map.of(),
            InjectionSettings.defaults(),
            new ProxyConfigs(config.settings().rootNamespace(), config.all(ProxyConfigSpec.class)));
    JsonNode patched;
    try {
      patched = ((SidecarInjector.Result.Patched) SidecarInjector.inject(pod, inputs)).pod();
    } catch (InvalidPodException e) {
      throw new AssertionError(e);
    }
    JsonNode proxy = named(patched.at("/spec/initContainers"), "istio-proxy");
    JsonNode told = JSON.readTree(at(proxy, "env/NAMED/PROXY_CONFIG").asText());
    Map<String, JsonNode> made = made(config);
    made.put("Proxy", proxy);
    made.put("Told", told);
    expect(tried, made);
  }

  private static void expect(FieldCase tried, Map<String, JsonNode> made) {
    tried
        .makes()
        .forEach(
            (where, value) -> {
              int slash = where.indexOf('/');
              JsonNode body = made.getOrDefault(where.substring(0, slash), JSON.nullNode());
              assertThat(at(body, where.substring(slash + 1)))
                  .as("%s in %s", where, body)
                  .isEqualTo(JSON.<JsonNode>valueToTree(value));
            });
  }

  /** {@code NAMED/name} is the element of a list with that name. */
  private static JsonNode at(JsonNode body, String path) {
    JsonNode node = body;
    boolean named = false;
    for (String part : path.split("/")) {
      if (part.equals("NAMED")) {
        named = true;
        continue;
      }
      node =
          named
              ? named(node, part)
              : node.isArray() ? node.path(Integer.parseInt(part)) : node.path(part);
      named = false;
    }
    JsonNode value = node.has("name") ? node.path("value") : node;
    return value.isMissingNode() ? JSON.nullNode() : value;
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode each : list) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    return JSON.nullNode();
  }
}
