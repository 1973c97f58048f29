package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.TrustDomain;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;

class ServingCertificateTest {
  private static final CaSettings SETTINGS = CaSettings.of(new TrustDomain("cluster.local"));
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
  private final CertificateAuthority authority =
      new CertificateAuthority(
          CertificateAuthority.selfSigned(SETTINGS, now.get(), new SecureRandom()),
          SETTINGS,
          now::get,
          new SecureRandom());
  private final ServingCertificate serving =
      new ServingCertificate(() -> authority, List.of("istiod.istio-system.svc"), now::get);

  @Test
  void it_is_renewed_before_half_of_its_life_and_tells_its_listeners() {
    List<CertifiedKey> told = new ArrayList<>();
    ServingIdentity.Subscription subscription = serving.onRotation(told::add);
    CertifiedKey first = serving.current();

    now.set(now.get().plus(Duration.ofDays(13)));
    serving.check();
    assertThat(serving.current()).isSameAs(first);

    now.set(now.get().plus(Duration.ofDays(1)));
    serving.check();
    assertThat(serving.current()).isNotSameAs(first);
    assertThat(told).containsExactly(serving.current());

    subscription.close();
    now.set(now.get().plus(Duration.ofDays(20)));
    serving.check();
    assertThat(told).hasSize(1);
  }

  @Test
  void a_handshake_that_began_before_a_rotation_ends_with_its_own_pair() {
    X509ExtendedKeyManager keys = new ServingTls(serving).keyManager();
    CertifiedKey first = serving.current();
    String alias = keys.chooseEngineServerAlias("EC", null, null);

    now.set(now.get().plus(Duration.ofDays(20)));
    serving.check();

    assertThat(keys.getPrivateKey(alias)).isEqualTo(first.key());
    String later = keys.chooseEngineServerAlias("EC", null, null);
    assertThat(keys.getCertificateChain(later)[0]).isEqualTo(serving.current().leaf());
    assertThat(keys.chooseEngineServerAlias("RSA", null, null)).isNull();
  }
}
