package dev.weft.provision.kube;

import static dev.weft.provision.kube.ApiServers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.ControlIdentity;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.inject.InjectionSettings;
import dev.weft.provision.Desired;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import dev.weft.provision.ProvisionSettings;
import dev.weft.provision.WebhookTrust;
import dev.weft.types.ClusterId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cluster, several who write into it. */
class SharedClusterTest {
  private static final ClusterId WEST = new ClusterId("west");
  private static final String GATEWAY =
      "/apis/apps/v1/namespaces/istio-system/deployments/istio-edge";
  private static final String INJECTORS =
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
  private static final String VALIDATORS =
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

  @TempDir Path directory;
  private ApiServers servers;
  private JsonApi cluster;

  @BeforeEach
  void start() throws IOException {
    servers = new ApiServers(directory);
    cluster = new JsonApi(servers.client(servers.open("shared")));
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  private static List<Manifest> wanted(
      ClusterId id, boolean gateway, ControlIdentity control, Map<String, String> annotations) {
    return wanted(id, gateway, control, annotations, "ROOT");
  }

  private static List<Manifest> wanted(
      ClusterId id,
      boolean gateway,
      ControlIdentity control,
      Map<String, String> annotations,
      String roots) {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
    if (gateway) {
      ConfigObject edge =
          ObjectParser.parse(
                  ConfigKind.ISTIO_GATEWAY,
                  Map.of(
                      "metadata",
                      Map.of("name", "edge", "namespace", "istio-system"),
                      "spec",
                      Map.of("gatewayType", "ingress", "clusterIds", List.of(id.value()))))
              .value()
              .orElseThrow();
      objects.put(ObjectMeta.of(ConfigKind.ISTIO_GATEWAY, "istio-system", "edge").ref(), edge);
      assertThat(edge).isInstanceOf(IstioGatewaySpec.class);
    }
    Map<String, KubeNamespace> namespaces =
        new TreeMap<>(
            Map.of(
                "default",
                new KubeNamespace("default", Map.of(), false),
                "istio-system",
                new KubeNamespace("istio-system", Map.of(), annotations, false)));
    ClusterFacts facts =
        new ClusterFacts(
            id, SyncState.SYNCED, "", Map.of(), Map.of(), Map.of(), Map.of(), namespaces);
    return Desired.of(
            new ConfigSet(MeshSettings.defaults(), Map.of(id, facts), objects, Map.of(), List.of()),
            roots,
            ProvisionSettings.of("172.18.0.200", InjectionSettings.defaults(), control))
        .in(id);
  }

  private static List<Manifest> hosted(ClusterId id, boolean gateway) {
    return wanted(id, gateway, ControlIdentity.hosted("istio-system"), Map.of());
  }

  private Pass.Outcome pass(
      String mesh, String name, Set<String> registered, List<Manifest> wanted, String roots)
      throws IOException {
    return new Pass(name, cluster, InstantSource.system())
        .run(ApiServers.wish(mesh, name, registered, wanted, roots));
  }

  @Test
  void a_second_mesh_leaves_the_first_ones_objects_and_says_so() throws IOException {
    assertThat(pass("mesh-1", "west", Set.of("west"), hosted(WEST, true), "ROOT").good()).isTrue();
    ObjectNode before = cluster.get(GATEWAY).orElseThrow();

    List<Manifest> others =
        wanted(WEST, false, ControlIdentity.hosted("istio-system"), Map.of(), "OTHER ROOT");
    Pass.Outcome second = pass("mesh-2", "west", Set.of("west"), others, "OTHER ROOT");

    assertThat(cluster.get(GATEWAY)).contains(before);
    assertThat(second.complaints())
        .anySatisfy(
            c ->
                assertThat(c)
                    .contains(
                        "MutatingWebhookConfiguration istio-sidecar-injector-istio-system",
                        "is kept by mesh mesh-1"));
    assertThat(pass("mesh-1", "west", Set.of("west"), hosted(WEST, true), "ROOT").good()).isTrue();
  }

  @Test
  void a_cluster_that_is_registered_twice_keeps_what_its_first_name_gave_it() throws IOException {
    Set<String> both = Set.of("west", "again");
    assertThat(pass("mesh-1", "west", both, hosted(WEST, true), "ROOT").good()).isTrue();
    assertThat(
            pass("mesh-1", "again", both, hosted(new ClusterId("again"), false), "ROOT")
                .complaints())
        .anySatisfy(c -> assertThat(c).contains("knows the same cluster by a second name, west"));
    assertThat(cluster.get(GATEWAY)).isPresent();

    assertThat(
            pass("mesh-1", "again", Set.of("again"), hosted(new ClusterId("again"), false), "ROOT")
                .good())
        .isTrue();
    assertThat(cluster.get(GATEWAY)).isEmpty();
  }

  @Test
  void a_member_that_names_no_control_plane_is_only_read() {
    ControlIdentity primary =
        new ControlIdentity(
            Optional.of(new ClusterId("primary")), "default", "istio-system", "mesh-1");
    assertThat(wanted(WEST, true, primary, Map.of())).isEmpty();
    assertThat(
            wanted(
                WEST,
                true,
                primary,
                Map.of("topology.istio.io/controlPlaneClusters", "east, west")))
        .isEmpty();
    for (String keepers : List.of("*", "east,primary")) {
      assertThat(
              wanted(
                  WEST, false, primary, Map.of("topology.istio.io/controlPlaneClusters", keepers)))
          .extracting(m -> m.key().toString())
          .containsExactly(
              "ConfigMap default/istio-ca-root-cert",
              "ConfigMap istio-system/istio-ca-root-cert",
              "Service istio-system/istiod",
              "EndpointSlice istio-system/istiod-control-plane",
              "MutatingWebhookConfiguration istio-sidecar-injector-istio-system");
    }
  }

  @Test
  void in_its_own_cluster_a_control_plane_keeps_trust_and_gateways_and_signs_the_charts_webhooks()
      throws IOException {
    ControlIdentity own = new ControlIdentity(Optional.of(WEST), "default", "istio-system", "");
    assertThat(wanted(WEST, true, own, Map.of()))
        .extracting(m -> m.key().toString())
        .containsExactly(
            "ConfigMap default/istio-ca-root-cert",
            "ConfigMap istio-system/istio-ca-root-cert",
            "ServiceAccount istio-system/istio-edge",
            "Deployment istio-system/istio-edge",
            "Service istio-system/istio-edge");

    ObjectNode injector = cluster.create(INJECTORS, webhooks("injector", "Fail"));
    ObjectNode validator = cluster.create(VALIDATORS, webhooks("validator", "Ignore"));
    assertThat(injector.at("/webhooks/0/clientConfig/caBundle").asText("")).isEmpty();
    assertThat(validator.at("/webhooks/0/failurePolicy").asText()).isEqualTo("Ignore");
    Wish wish =
        new Wish(
            new Ownership("mesh-1", "default", "west", Set.of("west")),
            "istio-system",
            Set.of(),
            List.of(),
            Map.of(),
            new WebhookTrust(true, "default", "istiod", "istio-system", "ROOT"),
            "ROOT",
            "");
    assertThat(new Pass("west", cluster, InstantSource.system()).run(wish).good()).isTrue();
    assertThat(webhook(INJECTORS + "/injector").at("/clientConfig/caBundle").asText())
        .isEqualTo("Uk9PVA==");
    assertThat(webhook(VALIDATORS + "/validator").path("failurePolicy").asText()).isEqualTo("Fail");
  }

  private JsonNode webhook(String path) throws IOException {
    return cluster.get(path).orElseThrow().at("/webhooks/0");
  }

  private static ObjectNode webhooks(String name, String policy) throws IOException {
    return json(
        """
        {'metadata':{'name':'%s','labels':{'istio.io/rev':'default'}},'webhooks':[{'name':'rev.validation.istio.io',
         'admissionReviewVersions':['v1'],'sideEffects':'None','failurePolicy':'%s',
         'clientConfig':{'service':{'name':'istiod','namespace':'istio-system','path':'/x'}},
         'rules':[{'apiGroups':['networking.istio.io'],'apiVersions':['*'],'operations':['CREATE'],'resources':['*']}]}]}
        """
            .formatted(name, policy));
  }
}
