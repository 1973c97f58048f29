package dev.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabApi;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabPlan;
import dev.weft.lab.supervisor.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mesh lacks, as its objects say, and what is not done twice. */
final class MeshReadinessTest {
  private static final ResourceType INJECTORS =
      new ResourceType(
          "admissionregistration.k8s.io",
          "v1",
          "mutatingwebhookconfigurations",
          "MutatingWebhookConfiguration",
          false);

  @TempDir Path directory;
  private ApiServer configServer;
  private ApiServer memberServer;
  private LabApi config;
  private LabCluster member;

  private record Api(String name, ObjectStore store) implements LabApi {
    @Override
    public String wanKubeconfig() {
      return "";
    }

    @Override
    public String wanKubeconfig(String namespace, String account) {
      return "";
    }
  }

  @BeforeEach
  void two_api_servers() throws IOException {
    configServer = open("mesh");
    memberServer = open("cluster1");
    config = new Api("mesh", configServer.objects());
    member = new LabCluster(plan("all").clusters().getFirst(), new Api("cluster1", store()));
    new ClusterObjects(store()).namespace("istio-system", Map.of());
  }

  @AfterEach
  void close() throws IOException {
    configServer.close();
    memberServer.close();
  }

  private ApiServer open(String name) throws IOException {
    return ApiServer.open(
        new ApiServerSettings(name, directory.resolve(name), 0, List.of()),
        new NoPods(),
        (namespace, service, port) -> {
          throw new IOException("there are no services");
        });
  }

  private ObjectStore store() {
    return memberServer.objects();
  }

  private static LabPlan plan(String proxies) {
    return new LabPlan(
        "test", Model.HOSTED, true, LabPlan.clusters(1, true), List.of("weft"), "/lib", proxies);
  }

  private List<String> lacks() {
    return MeshReadiness.lacks(config, List.of(member));
  }

  private boolean proxied() {
    return config
        .store()
        .get(MeshObjects.MEMBER_CLUSTERS, "", "cluster1")
        .orElseThrow()
        .at("/spec/crossClusterProxy/enabled")
        .asBoolean();
  }

  @Test
  void members_are_registered_as_soon_as_the_control_plane_knows_what_they_are() {
    assertThat(MeshObjects.memberClusters(config, plan("all"))).isFalse();

    config.store().register(MeshObjects.MEMBER_CLUSTERS);

    assertThat(MeshObjects.memberClusters(config, plan("all"))).isTrue();
    assertThat(proxied()).isTrue();
  }

  @Test
  void what_a_user_switched_stays_until_the_lab_is_asked_for_something_else() {
    config.store().register(MeshObjects.MEMBER_CLUSTERS);
    MeshObjects.memberClusters(config, plan("all"));
    ObjectNode off = Trees.yaml("spec: {crossClusterProxy: {enabled: false}}");
    config.store().mergePatch(MeshObjects.MEMBER_CLUSTERS, "", "cluster1", off);

    MeshObjects.memberClusters(config, plan("all"));
    assertThat(proxied()).isFalse();

    MeshObjects.memberClusters(config, plan("none"));
    MeshObjects.memberClusters(config, plan("all"));
    assertThat(proxied()).isTrue();
  }

  @Test
  void everything_that_is_lacking_is_said_and_goes_away_when_it_is_there() {
    config.store().register(MeshObjects.MEMBER_CLUSTERS);
    MeshObjects.memberClusters(config, plan("all"));
    assertThat(lacks())
        .containsExactly(
            "cluster1: the control plane has not set up sidecar injection",
            "cluster1: the control plane has not made the cross-cluster proxy",
            "cluster1: the control plane has not read it yet (no status)");

    store()
        .create(
            INJECTORS,
            "",
            Trees.yaml(
                """
                metadata: {name: injector}
                webhooks:
                - name: injector.weft.dev
                  clientConfig: {url: "https://172.18.0.200:15017/inject", caBundle: Y2E=}
                  sideEffects: None
                  admissionReviewVersions: [v1]
                """));
    store()
        .create(
            Kinds.DEPLOYMENTS,
            "istio-system",
            Trees.yaml(
                """
                metadata: {name: proxy}
                spec:
                  selector: {matchLabels: {app: proxy}}
                  template:
                    metadata: {labels: {app: proxy}}
                    spec: {containers: [{name: istio-proxy, image: auto}]}
                """));
    assertThat(lacks())
        .containsExactly(
            "cluster1: a pod of deployment istio-system/proxy",
            "cluster1: the control plane has not read it yet (no status)");

    config
        .store()
        .mergePatchStatus(
            MeshObjects.MEMBER_CLUSTERS, "", "cluster1", Trees.yaml("status: {phase: Synced}"));
    ObjectNode pod =
        Trees.yaml(
            """
            metadata: {name: proxy-1, labels: {app: proxy}}
            spec: {containers: [{name: istio-proxy, image: auto}]}
            """);
    store().create(Kinds.PODS, "istio-system", pod);
    store()
        .mergePatchStatus(
            Kinds.PODS,
            "istio-system",
            "proxy-1",
            Trees.yaml("status: {conditions: [{type: Ready, status: 'True'}]}"));
    assertThat(lacks()).isEmpty();

    MeshObjects.forget(config);
    assertThat(lacks())
        .containsExactly("cluster1: the control plane has not read it yet (no status)");
  }

  @Test
  void a_control_plane_in_a_cluster_lacks_its_gateways_injection_and_what_it_reads() {
    assertThat(MeshReadiness.lacks(member, List.of(member), List.of(member)))
        .containsExactly(
            "cluster1: nothing is installed in istio-system",
            "cluster1: the control plane has not set up sidecar injection",
            "cluster1: the control plane has not read it yet (no status)");

    store().register(MeshObjects.MEMBER_CLUSTERS);
    store()
        .create(
            MeshObjects.MEMBER_CLUSTERS,
            "",
            Trees.yaml("metadata: {name: cluster1}\nspec: {network: network1}"));
    store()
        .mergePatchStatus(
            MeshObjects.MEMBER_CLUSTERS, "", "cluster1", Trees.yaml("status: {phase: Synced}"));
    assertThat(MeshReadiness.lacks(member, List.of(), List.of(member))).isEmpty();
  }

  @Test
  void a_step_that_was_done_is_not_done_again_and_one_that_failed_is() throws IOException {
    Steps steps = new Steps(member);
    List<String> runs = new ArrayList<>();

    assertThatThrownBy(
            () ->
                steps.once(
                    "install",
                    () -> {
                      throw new IOException("no image");
                    }))
        .hasMessage("no image");
    steps.once("install", () -> runs.add("first"));
    steps.once("install", () -> runs.add("second"));

    assertThat(runs).containsExactly("first");
  }

  @Test
  void remote_secrets_of_clusters_that_are_no_more_go_and_those_of_users_stay() {
    for (String each : List.of("cluster1", "cluster9", "mine")) {
      ObjectNode secret =
          ClusterObjects.object("v1", "Secret", "istio-system", RemoteSecrets.name(each));
      if (!each.equals("mine")) {
        secret.withObject("/metadata/labels").put(RemoteSecrets.OURS, "true");
      }
      store().create(Kinds.SECRETS, "istio-system", secret);
    }

    RemoteSecrets.forgetOthers(store(), Set.of(RemoteSecrets.name("cluster1")));

    assertThat(store().list(Kinds.SECRETS, "istio-system", Selector.ALL).items())
        .extracting(Meta::name)
        .containsExactlyInAnyOrder("istio-remote-secret-cluster1", "istio-remote-secret-mine");
  }
}
