package dev.weft.provision.kube;

import static dev.weft.provision.kube.ApiServers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiServerOptions.Authorization;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.ControlIdentity;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import dev.weft.inject.InjectionSettings;
import dev.weft.provision.Desired;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import dev.weft.provision.ProvisionSettings;
import dev.weft.provision.Rights;
import dev.weft.provision.Rights.Rule;
import dev.weft.types.ClusterId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against an API server that asks what a client may do: rights are enough, and no more. */
class RightsTest {
  private static final ClusterId WEST = new ClusterId("west");
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  private static final String SUBJECT =
      "'subjects':[{'kind':'ServiceAccount','name':'plane','namespace':'default'}]";
  private static final ControlIdentity PRIMARY =
      new ControlIdentity(Optional.of(new ClusterId("primary")), "default", "istio-system", "m");
  private static final ControlIdentity HOSTED = ControlIdentity.hosted("istio-system");

  @TempDir Path directory;
  private ApiServers servers;
  private JsonApi admin;
  private KubeApi plane;
  private int rounds;

  @BeforeEach
  void start() throws IOException {
    servers = new ApiServers(directory);
    ApiServer server = servers.open("west", Authorization.RBAC);
    admin = new JsonApi(servers.client(server));
    ensure("/api/v1/namespaces", json("{'metadata':{'name':'istio-system'}}"));
    ensure("/api/v1/namespaces/default/serviceaccounts", json("{'metadata':{'name':'plane'}}"));
    ensure(
        RBAC + "/clusterrolebindings",
        json(
            "{'metadata':{'name':'plane'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                + "'kind':'ClusterRole','name':'plane'},"
                + SUBJECT
                + "}"));
    ensure(
        RBAC + "/namespaces/istio-system/rolebindings",
        json(
            "{'metadata':{'name':'plane'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                + "'kind':'Role','name':'plane'},"
                + SUBJECT
                + "}"));
    plane =
        servers.client(
            server,
            server.serviceAccountToken(
                "default", "plane", List.of(), Duration.ofHours(1), Optional.empty()));
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  private void ensure(String collection, ObjectNode body) throws IOException {
    String path = collection + "/" + body.at("/metadata/name").asText();
    ObjectNode written =
        admin.get(path).isPresent() ? admin.replace(path, body) : admin.create(collection, body);
    assertThat(written.at("/metadata/uid").asText()).isNotEmpty();
  }

  private void give(Rights rights) throws IOException {
    ensure(RBAC + "/clusterroles", rights.clusterRole("plane"));
    ensure(RBAC + "/namespaces/istio-system/roles", rights.roleIn("istio-system", "plane"));
  }

  private static List<Rule> without(List<Rule> rules, int index, String resource, String verb) {
    List<Rule> less = new ArrayList<>(rules);
    Rule rule = less.remove(index);
    List<String> others = rule.resources().stream().filter(r -> !r.equals(resource)).toList();
    List<String> verbs = rule.verbs().stream().filter(v -> !v.equals(verb)).toList();
    // Kubernetes takes no rule without resources or verbs.
    if (!others.isEmpty()) {
      less.add(new Rule(rule.group(), others, rule.verbs()));
    }
    if (!verbs.isEmpty()) {
      less.add(new Rule(rule.group(), List.of(resource), verbs));
    }
    return less;
  }

  /** The rights without any one verb on any one resource, with what is missing as their name. */
  private static Map<String, Rights> weaker(Rights rights) {
    Map<String, Rights> weaker = new TreeMap<>();
    for (int i = 0; i < rights.everywhere().size(); i++) {
      for (String resource : rights.everywhere().get(i).resources()) {
        for (String verb : rights.everywhere().get(i).verbs()) {
          weaker.put(
              verb + " " + resource,
              new Rights(without(rights.everywhere(), i, resource, verb), rights.root()));
        }
      }
    }
    for (int i = 0; i < rights.root().size(); i++) {
      for (String resource : rights.root().get(i).resources()) {
        for (String verb : rights.root().get(i).verbs()) {
          weaker.put(
              verb + " " + resource + " in the root namespace",
              new Rights(rights.everywhere(), without(rights.root(), i, resource, verb)));
        }
      }
    }
    return weaker;
  }

  /** What discovery and the certificate service ask for; what was refused of it. */
  private List<String> discover() {
    List<String> refused = new ArrayList<>();
    for (String path :
        new String[] {
          "/api/v1/services",
          "/api/v1/pods",
          "/api/v1/namespaces",
          "/api/v1/nodes",
          "/apis/discovery.k8s.io/v1/endpointslices"
        }) {
      // A watch that is allowed ends at once, since nobody can select by this.
      for (String query : new String[] {"?limit=1", "?watch=true&labelSelector=%21%21"}) {
        try {
          plane.get(path + query);
        } catch (RefusedException e) {
          if (e.status() != 400) {
            refused.add(e.getMessage());
          }
        }
      }
    }
    try {
      plane.create(
          "/apis/authentication.k8s.io/v1/tokenreviews", Map.of("spec", Map.of("token", "x")));
    } catch (RefusedException e) {
      refused.add(e.getMessage());
    }
    return refused;
  }

  @Test
  void a_reader_discovers_and_every_right_of_its_is_needed() throws IOException {
    give(Rights.reader());
    assertThat(discover()).isEmpty();
    for (Map.Entry<String, Rights> less : weaker(Rights.reader()).entrySet()) {
      give(less.getValue());
      assertThat(discover()).as("without %s", less.getKey()).hasSize(1);
    }
  }

  @Test
  void a_member_is_provisioned_and_every_right_beyond_the_readers_is_needed() throws IOException {
    check(Rights.member(), Rights.reader(), PRIMARY);
  }

  @Test
  void a_member_of_a_hosted_mesh_has_its_namespaces_kept_too() throws IOException {
    check(Rights.hostedMember(), Rights.member(), HOSTED);
  }

  private void check(Rights rights, Rights beyond, ControlIdentity control) throws IOException {
    give(rights);
    assertThat(provision(control)).isEmpty();
    Map<String, Rights> weaker = weaker(rights);
    weaker.keySet().removeAll(weaker(beyond).keySet());
    assertThat(weaker).isNotEmpty();
    for (Map.Entry<String, Rights> less : weaker.entrySet()) {
      give(less.getValue());
      assertThat(provision(control)).as("without %s", less.getKey()).isNotEmpty();
    }
  }

  /** Makes everything, mends it, takes all of it away again; what was refused on the way. */
  private List<String> provision(ControlIdentity control) throws IOException {
    // A namespace goes slowly, or not at all: every time another one.
    String global = "shop-" + ++rounds;
    List<Manifest> all = wanted("172.18.0.200", true, global, control);
    List<String> refused = new ArrayList<>(pass(all, control));
    for (Manifest manifest : all) {
      Optional<ObjectNode> there = admin.get(manifest.key().path());
      if (there.isPresent()) {
        ObjectNode drifted = there.get().deepCopy();
        drifted.withObject("/metadata/labels").put("app", "x").remove("istio.io/config");
        drifted.withObject("/metadata/labels").remove("kubernetes.io/service-name");
        drifted.withObject("/metadata/labels").remove("topology.istio.io/network");
        if (manifest.key().kind() == ManagedKind.NAMESPACE) {
          drifted.withObject("/metadata/labels").remove("istio-injection");
          drifted.withObject("/metadata/labels").remove("mesh.weft.dev/cluster");
        }
        ObjectNode unused = admin.replace(manifest.key().path(), drifted);
      }
    }
    refused.addAll(pass(all, control));
    refused.addAll(pass(wanted("", false, global, control), control));
    for (Manifest manifest : all) {
      if (manifest.key().kind() != ManagedKind.NAMESPACE) {
        admin.delete(manifest.key().path());
      }
    }
    return refused;
  }

  private List<String> pass(List<Manifest> wanted, ControlIdentity control) throws IOException {
    EnumSet<ManagedKind> kinds =
        EnumSet.complementOf(EnumSet.of(ManagedKind.ISTIO_GATEWAY, ManagedKind.VALIDATING_WEBHOOK));
    if (control.own().isPresent()) {
      kinds.remove(ManagedKind.NAMESPACE);
    }
    return new Pass("west", new JsonApi(plane), InstantSource.system())
        .run(
            new Wish(
                new Ownership("m", "default", "west", Set.of("west")),
                "istio-system",
                kinds,
                wanted,
                Map.of(),
                null,
                "ROOT",
                ""))
        .complaints();
  }

  private static List<Manifest> wanted(
      String advertised, boolean gateway, String namespace, ControlIdentity control) {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
    if (gateway) {
      ConfigObject edge =
          ObjectParser.parse(
                  ConfigKind.ISTIO_GATEWAY,
                  Map.of(
                      "metadata",
                      Map.of("name", "edge", "namespace", "istio-system"),
                      "spec",
                      Map.of(
                          "gatewayType",
                          "ingress",
                          "clusterIds",
                          List.of("west"),
                          "autoscaleEnabled",
                          true,
                          "minReplicas",
                          2)))
              .value()
              .orElseThrow();
      objects.put(edge.ref(), edge);
    }
    Map<String, String> keepers = Map.of("topology.istio.io/controlPlaneClusters", "*");
    ClusterFacts facts =
        new ClusterFacts(
            WEST,
            SyncState.SYNCED,
            "",
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of("istio-system", new KubeNamespace("istio-system", Map.of(), keepers, false)));
    Map<String, KubeNamespace> global =
        Map.of(
            namespace, new KubeNamespace(namespace, Map.of("istio-injection", "enabled"), false));
    return Desired.of(
            new ConfigSet(MeshSettings.defaults(), Map.of(WEST, facts), objects, global, List.of()),
            "ROOT",
            ProvisionSettings.of(advertised, InjectionSettings.defaults(), control))
        .in(WEST);
  }
}
