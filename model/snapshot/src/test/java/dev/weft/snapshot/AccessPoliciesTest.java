package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigSet;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.config.PolicyTarget;
import dev.weft.config.RequestAuthentication;
import dev.weft.config.RequestAuthentication.JwtRule;
import dev.weft.config.RequestAuthentication.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessPoliciesTest {
  private static final Map<String, String> WEB = Map.of("app", "web");
  private static final Map<String, String> DB = Map.of("app", "db");

  private static ObjectMeta meta(ConfigKind kind, String namespace, String name, int second) {
    return new ObjectMeta(
        new ObjectRef(kind, namespace, name), Map.of(), Instant.ofEpochSecond(second), 1);
  }

  private static AuthorizationPolicy policy(
      String namespace, String name, int second, Map<String, String> labels) {
    return new AuthorizationPolicy(
        meta(ConfigKind.AUTHORIZATION_POLICY, namespace, name, second),
        new PolicyTarget(labels, false),
        AuthorizationPolicy.Action.ALLOW,
        "",
        false,
        List.of());
  }

  private static AccessPolicies of(AuthorizationPolicy... policies) {
    return AccessPolicies.of("root", List.of(policies), List.of(), Map.of());
  }

  private static List<String> names(AccessPolicies policies, Map<String, String> labels) {
    return policies.authorization("shop", labels).stream().map(p -> p.meta().name()).toList();
  }

  @Test
  void all_that_select_a_workload_hold_those_of_the_root_first_and_the_oldest_first() {
    AccessPolicies policies =
        of(
            policy("shop", "young", 9, WEB),
            policy("shop", "old", 1, Map.of()),
            policy("root", "everywhere", 5, Map.of()),
            policy("root", "webs", 6, WEB),
            policy("bank", "elsewhere", 1, Map.of()));
    assertThat(names(policies, WEB)).containsExactly("everywhere", "webs", "old", "young");
    assertThat(names(policies, DB)).containsExactly("everywhere", "old");
  }

  @Test
  void a_change_concerns_those_whom_it_selects() {
    AccessPolicies before = of(policy("shop", "all", 1, Map.of()));
    AccessPolicies after = of(policy("shop", "all", 1, Map.of()), policy("shop", "webs", 2, WEB));
    assertThat(after.differFor(before, "shop", WEB)).isTrue();
    assertThat(after.differFor(before, "shop", DB)).isFalse();
    assertThat(after.differFor(before, "bank", WEB)).isFalse();
    assertThat(before.changedIn(after)).containsExactly("shop");
    assertThat(before.changedIn(before)).isEmpty();
  }

  @Test
  void keys_that_were_fetched_take_the_place_of_their_address() {
    KeySource there = new KeySource.Remote("https://bank/keys", Duration.ofSeconds(5));
    JwtRule rule =
        new JwtRule(
            "bank", List.of(), there, List.of(), List.of(), List.of(), false, "", List.of(),
            List.of());
    RequestAuthentication tokens =
        new RequestAuthentication(
            meta(ConfigKind.REQUEST_AUTHENTICATION, "shop", "tokens", 1),
            PolicyTarget.EVERY,
            List.of(rule));
    ConfigSet config =
        new ConfigSet(
            MeshSettings.defaults(),
            Map.of(),
            Map.of(tokens.ref(), tokens),
            Map.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of("https://bank/keys", "{}"),
            Map.of());
    SnapshotBuilder.Built without =
        SnapshotBuilder.build(
            new ConfigSet(config.settings(), Map.of(), config.objects(), Map.of(), List.of()),
            SnapshotBuilder.Built.nothing(config.settings()));
    assertThat(keys(without)).isEqualTo(there);
    SnapshotBuilder.Built with = SnapshotBuilder.build(config, without);
    assertThat(keys(with)).isEqualTo(new KeySource.Inline("{}"));
    assertThat(with.delta().accessPolicies()).containsExactly("shop");
    assertThat(SnapshotBuilder.build(config, with).delta().nothing()).isTrue();
  }

  private static KeySource keys(SnapshotBuilder.Built built) {
    return built
        .snapshot()
        .accessPolicies()
        .authentication("shop", WEB)
        .getFirst()
        .rules()
        .getFirst()
        .keys();
  }
}
