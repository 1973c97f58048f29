package dev.weft.provision.kube;

import static dev.weft.provision.kube.ApiServers.at;
import static dev.weft.provision.kube.ApiServers.json;
import static dev.weft.provision.kube.ApiServers.settle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.ca.BearerToken;
import dev.weft.ca.CaSettings;
import dev.weft.ca.CaStore;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.TokenReview;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.ControlIdentity;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.discovery.KubeApi;
import dev.weft.inject.InjectionSettings;
import dev.weft.loop.Clock;
import dev.weft.provision.Desired;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.ProvisionSettings;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.TrustDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against real API servers on loopback. */
class ProvisionerTest {
  private static final ClusterId CLUSTER2 = new ClusterId("cluster2");
  private static final String GATEWAY =
      "/apis/istio.alibabacloud.com/v1beta1/namespaces/istio-system/istiogateways/asm-cross-network-cluster2";
  private static final String DEPLOYMENT =
      "/apis/apps/v1/namespaces/istio-system/deployments/istio-asm-cross-network-cluster2";
  private static final String BUDGET =
      "/apis/policy/v1/namespaces/istio-system/poddisruptionbudgets/istio-asm-cross-network-cluster2";
  private static final String INJECTOR =
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector-istio-system";
  private static final String BUNDLE = "/api/v1/namespaces/default/configmaps/istio-ca-root-cert";

  @TempDir Path directory;
  private ApiServers servers;
  private ApiServer memberServer;
  private KubeApi meshApi;
  private KubeApi memberApi;
  private JsonApi mesh;
  private JsonApi member;

  @BeforeEach
  void start() throws Exception {
    servers = new ApiServers(directory);
    memberServer = servers.open("cluster2");
    meshApi = servers.client(servers.open("mesh"));
    memberApi = servers.client(memberServer);
    mesh = new JsonApi(meshApi);
    member = new JsonApi(memberApi);
    ApiServers.prepareMesh(mesh);
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  private Provisioner provisioner(Map<ClusterId, KubeApi> apis) {
    return provisioner(
        apis,
        ProvisionSettings.of("172.18.0.200", InjectionSettings.defaults()),
        Duration.ofMillis(200));
  }

  private Provisioner provisioner(
      Map<ClusterId, KubeApi> apis, ProvisionSettings settings, Duration resync) {
    return servers.closing(
        new Provisioner(
            meshApi,
            id -> Optional.ofNullable(apis.get(id)),
            settings,
            new Random(7),
            resync,
            Clock.system()));
  }

  private static ClusterFacts facts(ClusterId id, List<String> namespaces) {
    Map<String, KubeNamespace> byName = new TreeMap<>();
    namespaces.forEach(n -> byName.put(n, new KubeNamespace(n, Map.of(), false)));
    return new ClusterFacts(
        id, SyncState.SYNCED, "", Map.of(), Map.of(), Map.of(), Map.of(), byName);
  }

  /**
   * The set that the ingest loop would hold: the registration, and the gateways of the mesh API.
   */
  private ConfigSet config(String network, boolean proxy, String... namespaces) throws IOException {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
    MemberClusterSpec spec =
        new MemberClusterSpec(
            ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", "cluster2"),
            new NetworkId(network),
            proxy,
            null,
            false);
    objects.put(spec.ref(), spec);
    Optional<ObjectNode> gateway = mesh.get(GATEWAY);
    if (gateway.isPresent()) {
      Map<String, Object> tree =
          new JsonMapper().convertValue(gateway.get(), new TypeReference<Map<String, Object>>() {});
      ConfigObject parsed = ObjectParser.parse(ConfigKind.ISTIO_GATEWAY, tree).object();
      if (parsed != null) {
        objects.put(parsed.ref(), parsed);
      }
    }
    return new ConfigSet(
        MeshSettings.defaults(),
        Map.of(CLUSTER2, facts(CLUSTER2, List.of(namespaces))),
        objects,
        Map.of(),
        List.of());
  }

  @Test
  void a_cluster_is_provisioned_and_drift_is_undone() throws Exception {
    Provisioner provisioner = provisioner(Map.of(CLUSTER2, memberApi));
    provisioner.update(config("network2", false, "default"), "ROOT-1");

    settle(BUNDLE, member, at("/data/root-cert.pem", "ROOT-1"));
    settle(
        "/api/v1/namespaces/istio-system",
        member,
        at("/metadata/labels/topology.istio.io~1network", "network2"));
    settle(
        "/apis/discovery.k8s.io/v1/namespaces/istio-system/endpointslices/istiod-control-plane",
        member,
        at("/endpoints/0/addresses/0", "172.18.0.200"));
    settle(INJECTOR, member, Optional::isPresent);

    member.delete(BUNDLE);
    ObjectNode bundle = settle(BUNDLE, member, at("/data/root-cert.pem", "ROOT-1")).orElseThrow();
    ObjectNode changed = bundle.deepCopy();
    changed.withObject("/data").put("root-cert.pem", "FORGED");
    ObjectNode unused = member.replace(BUNDLE, changed);
    settle(BUNDLE, member, at("/data/root-cert.pem", "ROOT-1"));

    provisioner.update(config("network9", false, "default", "shop"), "ROOT-2");
    settle(BUNDLE, member, at("/data/root-cert.pem", "ROOT-2"));
    settle(
        "/api/v1/namespaces/istio-system",
        member,
        at("/metadata/labels/topology.istio.io~1network", "network9"));
  }

  @Test
  void a_webhook_that_a_chart_writes_is_seen_at_once() throws Exception {
    ControlIdentity control =
        new ControlIdentity(Optional.of(CLUSTER2), "default", "istio-system", "");
    Provisioner provisioner =
        provisioner(
            Map.of(CLUSTER2, memberApi),
            ProvisionSettings.of("", InjectionSettings.defaults(), control),
            Duration.ofHours(1));
    provisioner.update(config("network2", false, "default"), "ROOT");
    settle(BUNDLE, member, Optional::isPresent);

    String webhooks = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    ObjectNode made =
        member.create(
            webhooks,
            json(
                """
                {'metadata':{'name':'injector','labels':{'istio.io/rev':'default'}},
                 'webhooks':[{'name':'rev.namespace.sidecar-injector.istio.io','admissionReviewVersions':['v1'],'sideEffects':'None',
                  'clientConfig':{'service':{'name':'istiod','namespace':'istio-system','path':'/inject'}}}]}
                """));
    assertThat(made.at("/webhooks/0/clientConfig/caBundle").asText()).isEmpty();
    settle(webhooks + "/injector", member, at("/webhooks/0/clientConfig/caBundle", "Uk9PVA=="));
  }

  @Test
  void a_cluster_is_pending_until_it_has_been_looked_at() throws Exception {
    ClusterId silent = new ClusterId("silent");
    ApiServer lost = servers.open("silent");
    KubeApi lostApi = servers.client(lost);
    lost.stop();
    Provisioner provisioner = provisioner(Map.of(CLUSTER2, memberApi, silent, lostApi));
    assertThat(provisioner.pending(CLUSTER2)).isTrue();

    provisioner.update(
        new ConfigSet(
            MeshSettings.defaults(),
            new TreeMap<>(
                Map.of(
                    CLUSTER2,
                    facts(CLUSTER2, List.of("default")),
                    silent,
                    facts(silent, List.of("default")))),
            Map.of(),
            Map.of(),
            List.of()),
        "ROOT");
    settle(BUNDLE, member, found -> !provisioner.pending(CLUSTER2));
    assertThat(member.get(INJECTOR)).isPresent();
    assertThat(provisioner.pending(silent)).isTrue();
  }

  @Test
  void what_is_as_wanted_is_not_written_again() throws Exception {
    ProvisionSettings settings = ProvisionSettings.of("172.18.0.200", InjectionSettings.defaults());
    ObjectNode gateway =
        mesh.create(
            GATEWAY.substring(0, GATEWAY.lastIndexOf('/')),
            json(
                "{'metadata':{'name':'asm-cross-network-cluster2'},'spec':{'gatewayType':"
                    + "'cross-network','clusterIds':['cluster2'],'replicaCount':2}}"));
    assertThat(gateway.path("kind").asText()).isEqualTo("IstioGateway");
    List<Manifest> wanted =
        Desired.of(config("network2", true, "default"), "ROOT", settings).in(CLUSTER2).stream()
            .filter(m -> m.key().kind() != ManagedKind.MUTATING_WEBHOOK)
            .toList();
    Wish wish = ApiServers.wish("mesh-1", "cluster2", Set.of("cluster2"), wanted, "ROOT");

    Pass first = new Pass("cluster2", member, InstantSource.system());
    assertThat(first.run(wish).good()).isTrue();
    assertThat(first.writes()).isEqualTo(wanted.size());

    Pass second = new Pass("cluster2", member, InstantSource.system());
    assertThat(second.run(wish).good()).isTrue();
    assertThat(second.writes()).isZero();
  }

  @Test
  void the_cross_cluster_proxy_comes_keeps_its_users_edits_and_goes() throws Exception {
    Provisioner provisioner = provisioner(Map.of(CLUSTER2, memberApi));
    provisioner.update(config("network2", true, "default"), "ROOT");
    ObjectNode object =
        settle(GATEWAY, mesh, at("/spec/requestedNetworkView", "network2")).orElseThrow();

    provisioner.update(config("network2", true, "default"), "ROOT");
    settle(DEPLOYMENT, member, at("/spec/replicas", "2"));
    settle(BUDGET, member, at("/spec/minAvailable", "1"));
    settle(GATEWAY, mesh, at("/status/Status", "Pending"));

    ObjectNode edited = mesh.get(GATEWAY).orElse(object).deepCopy();
    edited.withObject("/spec").put("replicaCount", 3);
    edited.withObject("/spec/resources/limits").put("cpu", "3");
    ObjectNode unused = mesh.replace(GATEWAY, edited);
    provisioner.update(config("network3", true, "default"), "ROOT");
    settle(GATEWAY, mesh, at("/spec/requestedNetworkView", "network3"));
    provisioner.update(config("network3", true, "default"), "ROOT");

    settle(DEPLOYMENT, member, at("/spec/replicas", "3"));
    ObjectNode deployment =
        settle(
                DEPLOYMENT,
                member,
                at("/spec/template/metadata/labels/topology.istio.io~1network", "network3"))
            .orElseThrow();
    assertThat(deployment.at("/spec/template/spec/containers/0/resources/limits/cpu").asText())
        .isEqualTo("3");
    JsonNode kept = mesh.get(GATEWAY).orElseThrow().path("spec");
    assertThat(kept.path("replicaCount").asInt()).isEqualTo(3);

    provisioner.update(config("network3", false, "default"), "ROOT");
    settle(GATEWAY, mesh, Optional::isEmpty);
    settle(DEPLOYMENT, member, Optional::isEmpty);
    settle(BUDGET, member, Optional::isEmpty);
    settle(
        "/api/v1/namespaces/istio-system/services/istio-asm-cross-network-cluster2",
        member,
        Optional::isEmpty);
    assertThat(member.get("/api/v1/namespaces/istio-system/services/istiod")).isPresent();
  }

  @Test
  void a_lost_cluster_blocks_nobody_and_is_provisioned_when_it_is_back() throws Exception {
    ClusterId other = new ClusterId("cluster1");
    ApiServer lost = servers.open("cluster1");
    KubeApi lostApi = servers.client(lost);
    lost.stop();
    Provisioner provisioner = provisioner(Map.of(CLUSTER2, memberApi, other, lostApi));
    ConfigSet both =
        new ConfigSet(
            MeshSettings.defaults(),
            new TreeMap<>(
                Map.of(
                    CLUSTER2,
                    facts(CLUSTER2, List.of("default")),
                    other,
                    facts(other, List.of("default")))),
            Map.of(),
            Map.of(),
            List.of());
    provisioner.update(both, "ROOT");
    settle(BUNDLE, member, Optional::isPresent);

    lost.start();
    settle(BUNDLE, new JsonApi(lostApi), Optional::isPresent);
  }

  @Test
  void the_ca_outlives_the_control_plane_in_a_secret_of_the_mesh_api() throws Exception {
    CaStore store = new KubernetesCaStore(meshApi, "istio-system");
    CaSettings settings = CaSettings.of(new TrustDomain("cluster.local"));
    CertificateAuthority first =
        CertificateAuthority.obtain(store, settings, InstantSource.system(), new SecureRandom());
    CertificateAuthority second =
        CertificateAuthority.obtain(
            new KubernetesCaStore(meshApi, "istio-system"),
            settings,
            InstantSource.system(),
            new SecureRandom());
    assertThat(second.roots()).isEqualTo(first.roots());
    assertThat(mesh.get("/api/v1/namespaces/istio-system/secrets/istio-ca-secret")).isPresent();

    CaStore elsewhere = new KubernetesCaStore(memberApi, "fresh");
    assertThat(
            CertificateAuthority.obtain(
                    elsewhere, settings, InstantSource.system(), new SecureRandom())
                .roots())
        .isNotEqualTo(first.roots());
  }

  @Test
  void tokens_are_reviewed_by_their_own_cluster() throws Exception {
    KubernetesTokenReviewer reviewer = new KubernetesTokenReviewer(memberApi);
    ObjectNode account =
        member.create(
            "/api/v1/namespaces/default/serviceaccounts", json("{'metadata':{'name':'sleep'}}"));
    assertThat(account.path("kind").asText()).isEqualTo("ServiceAccount");
    String good =
        memberServer.serviceAccountToken(
            "default", "sleep", List.of("istio-ca"), Duration.ofHours(1), Optional.empty());
    String wrongAudience =
        memberServer.serviceAccountToken(
            "default", "sleep", List.of("other"), Duration.ofHours(1), Optional.empty());

    assertThat(reviewer.review(new BearerToken(good)))
        .isEqualTo(new TokenReview.Accepted("default", "sleep", ""));
    assertThat(reviewer.review(new BearerToken(wrongAudience)))
        .isInstanceOf(TokenReview.Rejected.class);
    assertThat(reviewer.review(new BearerToken("forged"))).isInstanceOf(TokenReview.Rejected.class);
    assertThat(new KubernetesTokenReviewer(meshApi).review(new BearerToken(good)))
        .isInstanceOf(TokenReview.Rejected.class);

    memberServer.stop();
    assertThat(reviewer.review(new BearerToken(good))).isInstanceOf(TokenReview.Unanswered.class);
  }
}
