package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OwnershipTest {
  private static final Ownership OURS =
      new Ownership("mesh-1", "default", "west", Set.of("west", "east"));

  private static Manifest deployment(int replicas) {
    ObjectNode body = Objects.named(ManagedKind.DEPLOYMENT, "istio-system", "istio-edge");
    Objects.labels(body).put(Ownership.GATEWAY, "edge");
    body.putObject("spec").put("replicas", replicas);
    return Manifest.of(body);
  }

  private static Manifest bundle(String roots) {
    ObjectNode body = Objects.named(ManagedKind.CONFIG_MAP, "shop", "istio-ca-root-cert");
    body.putObject("data").put("root-cert.pem", roots);
    return Manifest.of(body);
  }

  /** As that control plane wrote it. */
  private static ObjectNode by(Ownership owner, Manifest manifest) {
    return ThreeWay.create(owner.mark(manifest).body());
  }

  /** As release 0.1.0 wrote it. */
  private static ObjectNode unsigned(Manifest manifest) {
    return ThreeWay.create(manifest.body());
  }

  private static ObjectNode labelled(String label, String value) {
    ObjectNode body = deployment(1).body().deepCopy();
    ObjectNode labels = JsonNodeFactory.instance.objectNode().put(label, value);
    body.withObject("/metadata").set("labels", labels);
    return body;
  }

  record Case(String name, ObjectNode live, boolean adopts, String refusal) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Manifest old = deployment(1);
    return Stream.of(
        new Case("our own", by(OURS, old), false, ""),
        new Case("another mesh's", by(mesh("mesh-2"), old), true, "mesh mesh-2"),
        new Case(
            "another revision's",
            by(new Ownership("mesh-1", "canary", "west", Set.of()), old),
            true,
            "revision canary of this mesh"),
        new Case(
            "a second name of the cluster", by(cluster("east"), old), true, "second name, east"),
        new Case("a name that the cluster had", by(cluster("before"), old), true, ""),
        new Case("0.1.0's, with our root", unsigned(old), true, ""),
        new Case("0.1.0's, with another root", unsigned(old), false, "another root certificate"),
        new Case(
            "Istio's",
            labelled("operator.istio.io/component", "IngressGateways"),
            true,
            "an Istio (it has the label operator.istio.io/component)"),
        new Case("Helm's", labelled("app.kubernetes.io/managed-by", "Helm"), true, "kept by Helm"),
        new Case("a person's", labelled("team", "red"), true, "somebody else"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void only_what_is_ours_is_changed_or_deleted(Case each) {
    Manifest wanted = deployment(3);
    Map<Manifest.Key, ObjectNode> live = Map.of(wanted.key(), each.live());

    Applying.Plan change = Applying.plan(List.of(wanted), live, OURS, each.adopts());
    Applying.Plan removal = Applying.plan(List.of(), live, OURS, each.adopts());

    if (each.refusal().isEmpty()) {
      assertThat(change.refused()).isEmpty();
      assertThat(change.steps()).singleElement().isInstanceOf(Applying.Step.Replace.class);
      assertThat(removal.steps()).singleElement().isInstanceOf(Applying.Step.Delete.class);
    } else {
      assertThat(change.refused())
          .singleElement()
          .asString()
          .startsWith("Deployment istio-system/istio-edge is kept by ")
          .contains(each.refusal(), "delete the object");
      assertThat(change.steps()).isEmpty();
      assertThat(removal.steps()).isEmpty();
      assertThat(removal.refused()).isEmpty();
    }
  }

  private static Ownership mesh(String mesh) {
    return new Ownership(mesh, "default", "west", Set.of());
  }

  private static Ownership cluster(String cluster) {
    return new Ownership("mesh-1", "default", cluster, Set.of());
  }

  @Test
  void what_says_the_same_already_is_nothing_to_complain_about() {
    ObjectNode istios = bundle("ROOT").body().deepCopy();
    istios.withObject("/metadata").putObject("labels").put("istio.io/config", "true");
    Map<Manifest.Key, ObjectNode> live = Map.of(bundle("ROOT").key(), istios);

    assertThat(Applying.plan(List.of(bundle("ROOT")), live, OURS, true))
        .isEqualTo(new Applying.Plan(List.of(), List.of()));
    assertThat(Applying.plan(List.of(bundle("OTHER")), live, OURS, true).refused())
        .singleElement()
        .asString()
        .contains("ConfigMap shop/istio-ca-root-cert", "an Istio");
  }

  @Test
  void what_a_chart_made_for_this_control_plane_stays_as_it_is() {
    ObjectNode charted = labelled("install.weft.dev/owner", "istio-system");
    charted.withObject("/metadata/labels").put("istio.io/rev", "default");
    Map<Manifest.Key, ObjectNode> live = Map.of(deployment(3).key(), charted);
    assertThat(Applying.plan(List.of(deployment(3)), live, OURS, true))
        .isEqualTo(new Applying.Plan(List.of(), List.of()));
  }

  @Test
  void labels_of_a_namespace_are_written_beside_those_of_its_owner() {
    ObjectNode wanted = Objects.named(ManagedKind.NAMESPACE, "", "istio-system");
    Objects.labels(wanted).put("topology.istio.io/network", "network1");
    ObjectNode live = Objects.named(ManagedKind.NAMESPACE, "", "istio-system");
    live.withObject("/metadata").putObject("labels").put("team", "red");

    assertThat(
            Applying.plan(
                    List.of(Manifest.of(wanted)),
                    Map.of(Manifest.of(wanted).key(), live),
                    OURS,
                    true)
                .steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Applying.Step.Replace.class,
            r ->
                assertThat(r.body().at("/metadata/labels").toString())
                    .contains("\"team\":\"red\"", "\"topology.istio.io/network\":\"network1\""));
  }

  @Test
  void an_account_that_somebody_may_still_act_with_is_not_deleted() {
    Manifest reader =
        Manifest.of(Objects.named(ManagedKind.SERVICE_ACCOUNT, "istio-system", "istio-reader"));
    assertThat(Applying.plan(List.of(), Map.of(reader.key(), by(OURS, reader)), OURS, true).steps())
        .isEmpty();
  }

  @Test
  void unsigned_objects_are_ours_where_their_trust_bundle_has_our_root() {
    String one = certificate("AAAA");
    String two = certificate("BBBB");
    Map<Manifest.Key, ObjectNode> live = Map.of(rootBundle(one).key(), unsigned(rootBundle(one)));

    assertThat(Adoption.of(live, "istio-system", one)).isTrue();
    assertThat(Adoption.of(live, "istio-system", two + one)).isTrue();
    assertThat(Adoption.of(live, "istio-system", two)).isFalse();
    assertThat(Adoption.of(Map.of(), "istio-system", two)).isTrue();
  }

  private static Manifest rootBundle(String roots) {
    ObjectNode body = Objects.named(ManagedKind.CONFIG_MAP, "istio-system", "istio-ca-root-cert");
    body.putObject("data").put("root-cert.pem", roots);
    return Manifest.of(body);
  }

  private static String certificate(String body) {
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }
}
