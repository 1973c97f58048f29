package dev.weft.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AccessRules.Action;
import dev.weft.routing.Cidr;
import dev.weft.routing.HeaderMatch;
import dev.weft.routing.RequestView;
import dev.weft.routing.StringMatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
  private static final Criterion ANYTHING = new Criterion.Anything();
  private static final Criterion ADMIN = new Criterion.Path(new StringMatch.Exact("/admin", false));

  private record View(@Nullable RequestView request, List<String> peerNames) implements AccessView {
    @Override
    public byte[] directAddress() {
      return new byte[] {10, 0, 0, 1};
    }

    @Override
    public byte[] clientAddress() {
      return new byte[] {10, 9, 9, 9};
    }

    @Override
    public byte[] destinationAddress() {
      return new byte[] {10, 0, 0, 2};
    }

    @Override
    public int destinationPort() {
      return 8080;
    }

    @Override
    public String serverName() {
      return "";
    }
  }

  private static View asks(String path) {
    return new View(new Asked("GET", "web", path, Map.of()), List.of());
  }

  private static final View BYTES = new View(null, List.of());

  private static AccessRules rules(Action action, Criterion... what) {
    return new AccessRules(
        action, List.of(new AccessPolicy("p", List.of(what), List.of(ANYTHING))));
  }

  @Test
  void without_policies_nothing_is_allowed_and_nothing_is_denied() {
    assertThat(new AccessRules(Action.ALLOW, List.of()).decide(BYTES).allowed()).isFalse();
    assertThat(new AccessRules(Action.DENY, List.of()).decide(BYTES).allowed()).isTrue();
    assertThat(new AccessRules(Action.LOG, List.of()).decide(BYTES).allowed()).isTrue();
  }

  @Test
  void a_match_is_allowed_denied_or_noted() {
    assertThat(rules(Action.ALLOW, ADMIN).decide(asks("/admin?x=/")))
        .isEqualTo(new AccessDecision(true, "p"));
    assertThat(rules(Action.DENY, ADMIN).decide(asks("/admin")))
        .isEqualTo(new AccessDecision(false, "p"));
    assertThat(rules(Action.LOG, ADMIN).decide(asks("/admin")).allowed()).isTrue();
    assertThat(rules(Action.ALLOW, ADMIN).decide(asks("/")).details())
        .isEqualTo("rbac_access_denied_matched_policy[none]");
  }

  @Test
  void of_several_that_match_the_first_by_name_is_told() {
    AccessRules rules =
        new AccessRules(
            Action.DENY,
            List.of(
                new AccessPolicy("z", List.of(ANYTHING), List.of(ANYTHING)),
                new AccessPolicy("a", List.of(ANYTHING), List.of(ANYTHING))));
    assertThat(rules.decide(BYTES).policy()).isEqualTo("a");
  }

  @Test
  void bytes_have_nothing_of_a_request() {
    Criterion header =
        new Criterion.Header(new HeaderMatch("x-a", new HeaderMatch.Present(false), false, false));
    assertThat(ADMIN.matches(BYTES)).isFalse();
    assertThat(header.matches(BYTES)).isFalse();
    assertThat(header.matches(asks("/"))).isTrue();
  }

  @Test
  void the_peer_is_not_the_client_that_it_speaks_for() {
    assertThat(new Criterion.Peer(Cidr.of("10.0.0.1", 32)).matches(BYTES)).isTrue();
    assertThat(new Criterion.Client(Cidr.of("10.0.0.1", 32)).matches(BYTES)).isFalse();
    assertThat(new Criterion.Client(Cidr.of("10.9.0.0", 16)).matches(BYTES)).isTrue();
  }

  @Test
  void who_has_no_certificate_has_no_name() {
    Criterion any = new Criterion.PeerName(new StringMatch.Prefix("spiffe://", false));
    assertThat(any.matches(BYTES)).isFalse();
    assertThat(new Criterion.Authenticated().matches(BYTES)).isFalse();
    assertThat(new Criterion.Not(any).matches(BYTES)).isTrue();
  }
}
