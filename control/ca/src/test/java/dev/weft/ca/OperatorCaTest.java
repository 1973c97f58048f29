package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.CaProfile.KeyKind;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperatorCaTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private final OperatorCa maker = new OperatorCa(NOW, new SecureRandom());

  @ParameterizedTest
  @EnumSource
  void what_it_makes_can_be_plugged_in(KeyKind kind) {
    SigningIdentity root = maker.root(root(kind, 3650));
    SigningIdentity intermediate = maker.intermediate(root, west(kind, 730));

    SigningIdentity read =
        SigningIdentity.parse(CaStore.PLUGGED, intermediate.entries(), NOW.plusSeconds(1));

    assertThat(read.certificate()).isEqualTo(intermediate.certificate());
    assertThat(read.roots()).containsExactly(root.certificate());
    assertThat(read.intermediates()).containsExactly(intermediate.certificate());
  }

  @Test
  void an_intermediate_signs_leaves_and_no_further_ca() {
    SigningIdentity root = maker.root(root(KeyKind.ECDSA_P256, 3650));
    X509Certificate intermediate =
        maker.intermediate(root, west(KeyKind.ECDSA_P256, 730)).certificate();

    assertThat(intermediate.getBasicConstraints()).isZero();
    assertThat(root.certificate().getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    assertThat(intermediate.getSubjectX500Principal().getName())
        .isEqualTo("L=west,CN=Intermediate CA,O=Istio");
  }

  @Test
  void an_intermediate_ends_with_its_root_at_the_latest() {
    SigningIdentity root = maker.root(root(KeyKind.ECDSA_P256, 100));

    assertThat(maker.intermediate(root, west(KeyKind.ECDSA_P256, 730)).certificate().getNotAfter())
        .isEqualTo(root.certificate().getNotAfter());
    assertThat(maker.intermediate(root, west(KeyKind.ECDSA_P256, 30)).certificate().getNotAfter())
        .isEqualTo(NOW.plus(Duration.ofDays(30)));
  }

  private static CaProfile root(KeyKind kind, int days) {
    return new CaProfile("Istio", "Root CA", "", kind, Duration.ofDays(days));
  }

  private static CaProfile west(KeyKind kind, int days) {
    return new CaProfile("Istio", "Intermediate CA", "west", kind, Duration.ofDays(days));
  }
}
