package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.ControlIdentity;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.IstioGatewaySpec.GatewayType;
import dev.weft.config.IstioGatewaySpec.Parts;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.inject.InjectionSettings;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Gateways that run on the mesh's own side. */
class ServerlessTest {
  private static final ClusterId SHOP = new ClusterId("shop");
  private static final ClusterId MESH = new ClusterId("mesh");
  private static final String WORKLOAD = "Deployment istio-system/istio-ingressgateway";

  private static KubeNamespace namespace(String name, String uid, Map<String, String> labels) {
    return new KubeNamespace(name, uid, labels, Map.of(), false);
  }

  private static ClusterFacts facts(ClusterId id, KubeFact... more) {
    Map<KubeFact.Key, KubeService> services = new TreeMap<>();
    Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    for (KubeFact each : more) {
      if (each instanceof KubeService service) {
        services.put(service.key(), service);
      } else if (each instanceof KubePod pod) {
        pods.put(pod.key(), pod);
      }
    }
    return new ClusterFacts(
        id,
        SyncState.SYNCED,
        "",
        services,
        Map.of(),
        pods,
        Map.of(),
        Map.of("istio-system", namespace("istio-system", "uid of " + id, Map.of())));
  }

  private static MemberClusterSpec member(ClusterId id, boolean serverless) {
    return new MemberClusterSpec(
        ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", id.value()),
        new NetworkId("network1"),
        false,
        null,
        serverless);
  }

  private static IstioGatewaySpec gateway(ClusterId... clusters) {
    ObjectMeta plain = ObjectMeta.of(ConfigKind.ISTIO_GATEWAY, "istio-system", "ingressgateway");
    return new IstioGatewaySpec(
        new ObjectMeta(
            plain.ref(), Map.of("asm.alibabacloud.com/managed-by-asm", "true"), Instant.EPOCH, 1),
        GatewayType.INGRESS,
        List.of(clusters),
        Parts.NONE,
        Map.of());
  }

  private static Desired desired(
      ControlIdentity control, List<ClusterFacts> clusters, ConfigObject... objects) {
    return desired(MeshSettings.defaults(), control, clusters, objects);
  }

  private static Desired desired(
      MeshSettings settings,
      ControlIdentity control,
      List<ClusterFacts> clusters,
      ConfigObject... objects) {
    Map<ClusterId, ClusterFacts> byId = new TreeMap<>();
    clusters.forEach(c -> byId.put(c.id(), c));
    Map<ObjectRef, ConfigObject> byRef = new TreeMap<>();
    for (ConfigObject object : objects) {
      byRef.put(object.ref(), object);
    }
    Map<String, KubeNamespace> global = new TreeMap<>();
    global.put("istio-system", namespace("istio-system", "uid of mesh", Map.of()));
    global.put("demo", namespace("demo", "uid", Map.of("istio-injection", "enabled")));
    return Desired.of(
        new ConfigSet(settings, byId, byRef, global, List.of()),
        "ROOT PEM\n",
        ProvisionSettings.of("172.18.0.200", InjectionSettings.defaults(), control));
  }

  private static List<String> names(List<Manifest> manifests) {
    return manifests.stream().map(m -> m.key().toString()).toList();
  }

  private static JsonNode status(Desired desired) {
    return java.util.Objects.requireNonNull(
        desired
            .statuses()
            .get(new Manifest.Key(ManagedKind.ISTIO_GATEWAY, "istio-system", "ingressgateway")));
  }

  @Test
  void a_gateway_of_the_mesh_runs_in_the_cluster_that_says_so_whatever_it_names_itself() {
    Desired desired =
        desired(
            ControlIdentity.hosted("istio-system"),
            List.of(facts(SHOP), facts(MESH)),
            member(SHOP, false),
            member(MESH, true),
            gateway(SHOP));
    assertThat(names(desired.in(MESH))).contains(WORKLOAD);
    assertThat(names(desired.in(SHOP))).doesNotContain(WORKLOAD);
  }

  @Test
  void where_no_cluster_says_so_it_runs_beside_the_control_plane() {
    ControlIdentity inShop = new ControlIdentity(Optional.of(SHOP), "default", "istio-system", "");
    Desired desired = desired(inShop, List.of(facts(SHOP)), member(SHOP, false), gateway());
    assertThat(names(desired.in(SHOP))).contains(WORKLOAD);
  }

  @Test
  void where_there_is_no_place_for_it_the_status_says_what_to_do() {
    Desired desired =
        desired(
            ControlIdentity.hosted("istio-system"),
            List.of(facts(SHOP)),
            member(SHOP, false),
            gateway());
    assertThat(names(desired.in(SHOP))).doesNotContain(WORKLOAD);
    assertThat(status(desired).at("/conditions/0/reason").asText()).isEqualTo("NoCluster");
    assertThat(status(desired).path("ErrorMessage").asText())
        .contains("spec.serverlessGateways")
        .contains("spec.clusterIds");
  }

  @Test
  void where_the_mesh_does_not_look_the_status_says_that_instead_of_waiting() {
    MeshSettings settings =
        MeshSettingsParser.read(
                Map.of("discoverySelectors", List.of(Map.of("matchLabels", Map.of("env", "prod")))),
                Map.of(),
                MeshSettings.defaults())
            .settings();
    Desired desired =
        desired(
            settings,
            ControlIdentity.hosted("istio-system"),
            List.of(facts(MESH)),
            member(MESH, true),
            gateway());
    assertThat(names(desired.in(MESH))).contains(WORKLOAD);
    assertThat(status(desired).path("ErrorMessage").asText())
        .startsWith("the mesh does not look at namespace istio-system of cluster mesh")
        .contains("discoverySelectors")
        .doesNotContain("no address yet");
  }

  @Test
  void the_status_has_the_address_and_the_pods_that_are_ready() {
    ServiceId id = new ServiceId("istio-system", "istio-ingressgateway");
    KubeService service =
        new KubeService(
            id,
            Map.of(),
            Map.of(),
            Instant.EPOCH,
            KubeService.Type.LOAD_BALANCER,
            List.of("10.96.0.9"),
            false,
            "",
            List.of(),
            List.of("172.18.0.210"),
            Map.of(),
            List.of(),
            false,
            false);
    KubePod pod =
        new KubePod(
            "istio-system",
            "istio-ingressgateway-1",
            Map.of(Ownership.GATEWAY, "ingressgateway"),
            Map.of(),
            List.of("10.243.0.2"),
            "istio-ingressgateway",
            "node",
            "Deployment",
            "istio-ingressgateway",
            "",
            "",
            List.of(),
            false,
            true,
            false);
    JsonNode status =
        status(
            desired(
                ControlIdentity.hosted("istio-system"),
                List.of(facts(MESH, service, pod)),
                member(MESH, true),
                gateway()));
    assertThat(status.path("Status").asText()).isEqualTo("Running");
    assertThat(status.at("/GatewayAddress/0").asText()).isEqualTo("172.18.0.210");
    assertThat(status.path("readyReplicas").asInt()).isEqualTo(1);
    assertThat(status.at("/conditions/0/status").asText()).isEqualTo("True");
  }

  @Test
  void global_namespaces_are_not_written_over_where_their_users_write_them() {
    Desired desired =
        desired(
            ControlIdentity.hosted("istio-system"),
            List.of(facts(SHOP), facts(MESH)),
            member(SHOP, false),
            member(MESH, true));
    assertThat(names(desired.in(SHOP))).contains("Namespace demo");
    assertThat(names(desired.in(MESH))).doesNotContain("Namespace demo");
  }
}
