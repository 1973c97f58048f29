package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectRef;
import dev.weft.config.TrafficPolicy;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestinationRulesTest {
  private static final String HOST = "cart.shop.svc.cluster.local";
  private static final ServiceId CART = new ServiceId("shop", "cart");

  private static MergedDestinationRule rule(
      String namespace,
      String host,
      String name,
      Map<String, String> selector,
      String... exportTo) {
    return new MergedDestinationRule(
        namespace,
        host,
        TrafficPolicy.NONE,
        List.of(),
        List.of(exportTo),
        selector,
        List.of(new ObjectRef(ConfigKind.DESTINATION_RULE, namespace, name)));
  }

  private static String found(
      List<MergedDestinationRule> rules, String client, Map<String, String> labels) {
    Optional<MergedDestinationRule> found =
        DestinationRules.of("istio-system", rules).find(client, labels, CART, HOST);
    return found.map(r -> r.sources().getFirst().name()).orElse("");
  }

  @Test
  void the_host_itself_comes_before_longer_patterns_before_shorter_ones() {
    MergedDestinationRule all = rule("shop", "*", "all", Map.of());
    MergedDestinationRule suffix = rule("shop", "*.shop.svc.cluster.local", "suffix", Map.of());
    MergedDestinationRule exact = rule("shop", HOST, "exact", Map.of());
    assertThat(found(List.of(all, suffix, exact), "web", Map.of())).isEqualTo("exact");
    assertThat(found(List.of(all, suffix), "web", Map.of())).isEqualTo("suffix");
    assertThat(found(List.of(all), "web", Map.of())).isEqualTo("all");
    assertThat(found(List.of(rule("shop", "*.test", "no", Map.of())), "web", Map.of())).isEmpty();
  }

  @Test
  void for_one_host_a_rule_that_selects_the_client_comes_before_one_for_all() {
    List<MergedDestinationRule> rules =
        List.of(
            rule("shop", HOST, "a-for-all", Map.of()),
            rule("shop", HOST, "selects", Map.of("app", "web")));
    assertThat(found(rules, "shop", Map.of("app", "web"))).isEqualTo("selects");
    assertThat(found(rules, "shop", Map.of("app", "other"))).isEqualTo("a-for-all");
    assertThat(found(rules, "web", Map.of("app", "web")))
        .as("selectors end at the namespace")
        .isEqualTo("a-for-all");
  }

  @Test
  void where_a_namespace_has_a_rule_for_others_alone_no_other_namespace_is_asked() {
    MergedDestinationRule selects = rule("shop", HOST, "selects", Map.of("app", "web"));
    MergedDestinationRule root = rule("istio-system", HOST, "root", Map.of());
    MergedDestinationRule wider = rule("shop", "*", "wider", Map.of());
    assertThat(found(List.of(selects, root), "shop", Map.of("app", "other"))).isEmpty();
    assertThat(found(List.of(selects, root), "shop", Map.of("app", "web"))).isEqualTo("selects");
    assertThat(found(List.of(selects, wider), "shop", Map.of()))
        .as("nor a rule for more hosts")
        .isEmpty();
    assertThat(found(List.of(selects, root), "web", Map.of("app", "web")))
        .as("the service's namespace has one, if not for this client")
        .isEmpty();
  }

  @Test
  void the_namespace_of_the_client_comes_before_that_of_the_service_before_the_root() {
    MergedDestinationRule root = rule("istio-system", "*", "root", Map.of());
    MergedDestinationRule service = rule("shop", "*", "service", Map.of());
    MergedDestinationRule client = rule("web", "*", "client", Map.of());
    assertThat(found(List.of(root, service, client), "web", Map.of())).isEqualTo("client");
    assertThat(found(List.of(root, service), "web", Map.of())).isEqualTo("service");
    assertThat(found(List.of(root), "web", Map.of())).isEqualTo("root");
    assertThat(found(List.of(root, service), "istio-system", Map.of()))
        .as("a rule of the root namespace does not shadow the services'")
        .isEqualTo("service");
    assertThat(found(List.of(rule("shop", HOST, "own", Map.of(), "."), root), "web", Map.of()))
        .as("a rule that the client does not see")
        .isEqualTo("root");
  }

  @Test
  void two_sets_differ_by_namespace_and_host() {
    MergedDestinationRule kept = rule("shop", HOST, "kept", Map.of());
    MergedDestinationRule gone = rule("shop", "*", "gone", Map.of());
    MergedDestinationRule come = rule("web", HOST, "come", Map.of());
    DestinationRules before = DestinationRules.of("istio-system", List.of(kept, gone));
    DestinationRules after = DestinationRules.of("istio-system", List.of(come, kept));
    assertThat(before.changedIn(after))
        .containsExactly(new RuleKey("shop", "*"), new RuleKey("web", HOST));
    assertThat(before.changedIn(before)).isEmpty();
  }
}
