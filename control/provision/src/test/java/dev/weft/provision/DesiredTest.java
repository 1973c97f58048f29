package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.IstioGatewaySpec.GatewayType;
import dev.weft.config.IstioGatewaySpec.Parts;
import dev.weft.config.IstioGatewaySpec.ServiceType;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.config.ProxyConfigSpec;
import dev.weft.config.SyncState;
import dev.weft.inject.InjectionSettings;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DesiredTest {
  private static final ClusterId CLUSTER1 = new ClusterId("cluster1");
  private static final ClusterId CLUSTER2 = new ClusterId("cluster2");
  private static final ProvisionSettings SETTINGS =
      ProvisionSettings.of("172.18.0.200", InjectionSettings.defaults());

  private static ClusterFacts facts(ClusterId id, KubeService... services) {
    Map<KubeFact.Key, KubeService> byKey = new LinkedHashMap<>();
    for (KubeService service : services) {
      byKey.put(service.key(), service);
    }
    Map<String, KubeNamespace> namespaces = new TreeMap<>();
    for (String name : List.of("default", "istio-system", "kube-system")) {
      namespaces.put(name, new KubeNamespace(name, Map.of(), false));
    }
    namespaces.put("dying", new KubeNamespace("dying", Map.of(), true));
    return new ClusterFacts(
        id, SyncState.SYNCED, "", byKey, Map.of(), Map.of(), Map.of(), namespaces);
  }

  private static MemberClusterSpec member(ClusterId id, String network, boolean proxy) {
    return new MemberClusterSpec(
        ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", id.value()),
        new NetworkId(network),
        proxy,
        null,
        false);
  }

  private static IstioGatewaySpec gateway(
      String name, GatewayType type, ClusterId cluster, Parts parts) {
    return new IstioGatewaySpec(
        ObjectMeta.of(ConfigKind.ISTIO_GATEWAY, "istio-system", name),
        type,
        List.of(cluster),
        parts,
        Map.of());
  }

  /** What the mesh makes for the proxy of cluster2. */
  private static IstioGatewaySpec crossNetwork() {
    return gateway(
        "asm-cross-network-cluster2",
        GatewayType.CROSS_NETWORK,
        CLUSTER2,
        parts(2, "network2", Map.of()));
  }

  private static Parts parts(int replicas, String view, Map<String, Object> kubernetes) {
    return new Parts(
        replicas,
        null,
        null,
        null,
        ServiceType.LOAD_BALANCER,
        null,
        null,
        null,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        view,
        kubernetes);
  }

  private static ConfigSet config(List<ClusterFacts> clusters, List<ConfigObject> objects) {
    Map<ClusterId, ClusterFacts> byId = new TreeMap<>();
    clusters.forEach(c -> byId.put(c.id(), c));
    Map<ObjectRef, ConfigObject> byRef = new TreeMap<>();
    objects.forEach(o -> byRef.put(o.ref(), o));
    return new ConfigSet(MeshSettings.defaults(), byId, byRef, Map.of(), List.of());
  }

  private static Desired desired(ConfigSet config) {
    return Desired.of(config, "ROOT PEM\n", SETTINGS);
  }

  private static void golden(String name, List<Manifest> manifests) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Manifest manifest : manifests) {
      text.append("# ").append(manifest.key()).append('\n');
      text.append(
              new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(manifest.body()))
          .append('\n');
    }
    Path file = Path.of("src/test/golden/provision", name + ".txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, text);
    }
    assertThat(text.toString()).isEqualTo(Files.exists(file) ? Files.readString(file) : "");
  }

  private static List<String> names(List<Manifest> manifests) {
    return manifests.stream().map(m -> m.key().toString()).toList();
  }

  @Test
  void only_namespaces_that_the_mesh_looks_at_get_its_roots_and_the_root_namespace_always() {
    ConfigSet all = config(List.of(facts(CLUSTER1)), List.of(member(CLUSTER1, "network1", false)));
    MeshSettings settings =
        MeshSettingsParser.read(
                Map.of("discoverySelectors", List.of(Map.of("matchLabels", Map.of("a", "b")))),
                Map.of(),
                MeshSettings.defaults())
            .settings();
    ConfigSet selecting =
        new ConfigSet(settings, all.clusters(), all.objects(), all.namespaces(), List.of());
    assertThat(names(desired(all).in(CLUSTER1)).stream().filter(n -> n.contains("ca-root-cert")))
        .hasSize(2);
    assertThat(
            names(desired(selecting).in(CLUSTER1)).stream().filter(n -> n.contains("ca-root-cert")))
        .singleElement()
        .satisfies(name -> assertThat(name).contains("istio-system"));
  }

  @Test
  void a_data_cluster_gets_its_artefacts() throws IOException {
    Desired desired =
        desired(config(List.of(facts(CLUSTER1)), List.of(member(CLUSTER1, "network1", false))));
    golden("cluster", desired.in(CLUSTER1));
    assertThat(desired.mesh()).isEmpty();
  }

  @Test
  void trust_bundles_follow_the_namespaces() {
    assertThat(names(desired(config(List.of(facts(CLUSTER1)), List.of())).in(CLUSTER1)))
        .contains(
            "ConfigMap default/istio-ca-root-cert", "ConfigMap istio-system/istio-ca-root-cert")
        .doesNotContain(
            "ConfigMap kube-system/istio-ca-root-cert", "ConfigMap dying/istio-ca-root-cert");
  }

  @Test
  void a_cross_cluster_proxy_is_an_istio_gateway_of_the_mesh_and_a_workload_of_its_cluster()
      throws IOException {
    MemberClusterSpec member = member(CLUSTER2, "network2", true);
    Desired first = desired(config(List.of(facts(CLUSTER2)), List.of(member)));
    golden("cross-network-object", first.mesh());

    IstioGatewaySpec object = crossNetwork();
    Desired second = desired(config(List.of(facts(CLUSTER2)), List.of(member, object)));
    golden(
        "cross-network-workload",
        second.in(CLUSTER2).stream()
            .filter(m -> m.key().name().equals("istio-asm-cross-network-cluster2"))
            .toList());
  }

  @Test
  void switching_the_proxy_off_takes_its_workload_away_even_before_its_object_is_gone() {
    IstioGatewaySpec object = crossNetwork();
    Desired desired =
        desired(
            config(List.of(facts(CLUSTER2)), List.of(member(CLUSTER2, "network2", false), object)));
    assertThat(names(desired.in(CLUSTER2))).noneMatch(name -> name.contains("asm-cross-network"));
    assertThat(desired.mesh()).isEmpty();
  }

  @Test
  void an_ingress_gateway_carries_what_its_user_wrote() throws IOException {
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("resources", Map.of("limits", Map.of("cpu", "4")));
    written.put("env", List.of(Map.of("name", "EXTRA", "value", "1")));
    written.put("rollingMaxSurge", "1");
    written.put("nodeSelector", Map.of("pool", "edge"));
    written.put(
        "secretVolumes",
        List.of(Map.of("name", "certs", "secretName", "edge-certs", "mountPath", "/certs")));
    IstioGatewaySpec object =
        gateway("ingressgateway", GatewayType.INGRESS, CLUSTER1, parts(3, "", written));
    Desired desired = desired(config(List.of(facts(CLUSTER1)), List.of(object)));
    golden(
        "ingress",
        desired.in(CLUSTER1).stream()
            .filter(m -> m.key().name().equals("istio-ingressgateway"))
            .toList());
  }

  private static ProxyConfigSpec start(
      String namespace,
      String name,
      Map<String, String> selector,
      @Nullable Integer concurrency,
      String imageType,
      Map<String, String> environment) {
    return new ProxyConfigSpec(
        ObjectMeta.of(ConfigKind.PROXY_CONFIG, namespace, name),
        selector,
        concurrency,
        environment,
        imageType);
  }

  /** No webhook touches their pods, so the mesh itself looks at the objects. */
  @Test
  void gateways_are_started_as_proxy_configs_say_and_the_narrower_one_counts() throws IOException {
    Map<String, Object> written =
        Map.of("env", List.of(Map.of("name", "WHOSE", "value", "gateway")));
    List<ConfigObject> objects =
        List.of(
            gateway("edge", GatewayType.INGRESS, CLUSTER2, parts(1, "", written)),
            crossNetwork(),
            start(
                "istio-system",
                "mesh",
                Map.of(),
                2,
                "debug",
                Map.of("BY", "mesh", "WHOSE", "mesh", "ISTIO_META_DNS_CAPTURE", "true")),
            start(
                "istio-system",
                "edge",
                Map.of("istio", "edge"),
                4,
                "default",
                Map.of("BY", "selector")),
            start("shop", "elsewhere", Map.of(), 9, "", Map.of("BY", "elsewhere")));
    golden(
        "started-otherwise",
        desired(config(List.of(facts(CLUSTER2)), objects)).in(CLUSTER2).stream()
            .filter(m -> m.key().kind() == ManagedKind.DEPLOYMENT)
            .toList());
  }

  @Test
  void the_status_of_a_gateway_says_where_it_is_reached_or_what_is_missing() {
    IstioGatewaySpec object = crossNetwork();
    KubeService service =
        new KubeService(
            new ServiceId("istio-system", "istio-asm-cross-network-cluster2"),
            Map.of(),
            Map.of(),
            Instant.EPOCH,
            KubeService.Type.LOAD_BALANCER,
            List.of("10.96.0.9"),
            false,
            "",
            List.of(),
            List.of("172.18.1.241"),
            Map.of(),
            List.of(),
            false,
            false);
    Manifest.Key key =
        new Manifest.Key(ManagedKind.ISTIO_GATEWAY, "istio-system", "asm-cross-network-cluster2");

    assertThat(
            desired(config(List.of(facts(CLUSTER2, service)), List.of(object))).statuses().get(key))
        .hasToString(
            "{\"Status\":\"Pending\",\"GatewayAddress\":[\"172.18.1.241\"],"
                + "\"ClusterIdGatewayAddressMap\":[{\"ipAddress\":\"172.18.1.241\","
                + "\"clusterId\":\"cluster2\"}],\"readyReplicas\":0,\"ErrorMessage\":\"no pod is ready"
                + " in cluster2: see Deployment istio-system/istio-asm-cross-network-cluster2 there\","
                + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"NotAnswering\","
                + "\"message\":\"no pod is ready in cluster2: see Deployment"
                + " istio-system/istio-asm-cross-network-cluster2 there\"}]}");
    assertThat(
            String.valueOf(
                desired(config(List.of(facts(CLUSTER2)), List.of(object))).statuses().get(key)))
        .contains("\"Status\":\"Pending\"")
        .contains("no address yet in cluster2");
  }

  @Test
  void a_control_plane_behind_a_host_name_is_an_external_name() {
    Desired desired =
        Desired.of(
            config(List.of(facts(CLUSTER1)), List.of()),
            "ROOT",
            ProvisionSettings.of("mesh.example.test", InjectionSettings.defaults()));
    List<Manifest> manifests = desired.in(CLUSTER1);
    assertThat(manifests)
        .filteredOn(m -> m.key().kind() == ManagedKind.SERVICE)
        .singleElement()
        .satisfies(
            m ->
                assertThat(m.body().at("/spec/externalName").asText())
                    .isEqualTo("mesh.example.test"));
    assertThat(names(manifests)).noneMatch(n -> n.startsWith("EndpointSlice"));
  }

  @Test
  void labels_of_global_namespaces_hold_in_every_cluster() {
    ConfigSet base = config(List.of(facts(CLUSTER1)), List.of());
    Map<String, KubeNamespace> global = new TreeMap<>();
    global.put("shop", new KubeNamespace("shop", Map.of("istio-injection", "enabled"), false));
    global.put("plain", new KubeNamespace("plain", Map.of("team", "red"), false));
    Desired desired =
        desired(new ConfigSet(base.settings(), base.clusters(), base.objects(), global, List.of()));
    assertThat(desired.in(CLUSTER1))
        .filteredOn(m -> m.key().kind() == ManagedKind.NAMESPACE)
        .extracting(m -> m.key().name() + m.body().at("/metadata/labels/istio-injection").asText())
        .containsExactly("istio-system", "shopenabled");
  }

  @Test
  void the_mesh_api_gets_a_validating_webhook_where_it_can_be_reached() {
    Desired desired =
        Desired.of(
            config(List.of(), List.of()),
            "ROOT",
            SETTINGS.withValidation("https://172.18.0.200:15017/validate"));
    assertThat(desired.mesh())
        .singleElement()
        .satisfies(
            m -> {
              assertThat(m.body().at("/webhooks/0/clientConfig/url").asText())
                  .isEqualTo("https://172.18.0.200:15017/validate");
              assertThat(m.body().at("/webhooks/0/failurePolicy").asText()).isEqualTo("Ignore");
              assertThat(m.body().at("/webhooks/0/rules").toString())
                  .contains("istiogateways", "virtualservices", "memberclusters");
            });
  }
}
