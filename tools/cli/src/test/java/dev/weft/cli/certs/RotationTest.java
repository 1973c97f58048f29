package dev.weft.cli.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.CaProfile;
import dev.weft.ca.OperatorCa;
import dev.weft.ca.SigningIdentity;
import dev.weft.cli.certs.Rotation.State;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private final OperatorCa maker = new OperatorCa(NOW, new SecureRandom());
  private final SigningIdentity oldRoot = maker.root(profile("Root CA"));
  private final SigningIdentity old = maker.intermediate(oldRoot, profile("Intermediate CA"));

  @Test
  void goes_from_old_over_both_to_new_and_every_step_can_be_plugged_in() {
    SigningIdentity target =
        maker.intermediate(maker.root(profile("Root CA")), profile("Intermediate CA"));
    List<State> states = new ArrayList<>();
    SigningIdentity current = old;
    for (int step = 0; step < State.values().length; step++) {
      states.add(Rotation.state(current, target));
      current =
          SigningIdentity.parse("cacerts", Rotation.next(current, target), NOW.plusSeconds(1));
    }

    assertThat(states).containsExactly(State.values());
    assertThat(current.roots()).isEqualTo(target.roots());
  }

  @Test
  void both_roots_are_trusted_while_the_signer_changes() {
    SigningIdentity target =
        maker.intermediate(maker.root(profile("Root CA")), profile("Intermediate CA"));
    SigningIdentity both =
        SigningIdentity.parse("cacerts", Rotation.next(old, target), NOW.plusSeconds(1));
    SigningIdentity changed =
        SigningIdentity.parse("cacerts", Rotation.next(both, target), NOW.plusSeconds(1));

    assertThat(both.certificate()).isEqualTo(old.certificate());
    assertThat(changed.certificate()).isEqualTo(target.certificate());
    assertThat(both.roots()).hasSize(2).isEqualTo(changed.roots());
  }

  @Test
  void a_new_intermediate_of_the_same_root_only_changes_the_signer() {
    SigningIdentity target = maker.intermediate(oldRoot, profile("Intermediate CA"));

    assertThat(Rotation.state(old, target)).isEqualTo(State.BOTH);
    SigningIdentity changed =
        SigningIdentity.parse("cacerts", Rotation.next(old, target), NOW.plusSeconds(1));
    assertThat(Rotation.state(changed, target)).isEqualTo(State.NEW);
  }

  private static CaProfile profile(String name) {
    return new CaProfile("Istio", name, "", CaProfile.KeyKind.ECDSA_P256, Duration.ofDays(30));
  }
}
