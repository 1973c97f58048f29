package dev.weft.control.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.CaSettings;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.CertifiedKey;
import dev.weft.ca.Pem;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.types.ClusterId;
import dev.weft.types.TrustDomain;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretContentTest {
  private static final CredentialKey SHOP =
      new CredentialKey(new ClusterId("cluster1"), "istio-system", "shop");
  private static final CredentialKey ROOTS =
      new CredentialKey(new ClusterId("cluster1"), "istio-system", "shop-cacert");

  private static CertifiedKey certified() {
    CaSettings settings = CaSettings.of(new TrustDomain("cluster.local"));
    SecureRandom random = new SecureRandom();
    return new CertificateAuthority(
            CertificateAuthority.selfSigned(settings, Instant.now(), random),
            settings,
            InstantSource.system(),
            random)
        .serve(List.of("shop.example.com"));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void both_ways_to_name_the_parts_are_known() {
    CertifiedKey shop = certified();
    String chain = Pem.of(shop.chain());
    String key = Pem.of(shop.key());
    Credential expected = new Credential(new Credential.Content.KeyPair(chain, key), "");

    assertThat(SecretContent.of(SHOP, Map.of("tls.crt", encoded(chain), "tls.key", encoded(key))))
        .isEqualTo(expected);
    assertThat(SecretContent.of(SHOP, Map.of("cert", encoded(chain), "key", encoded(key))))
        .isEqualTo(expected);
    String roots = Pem.of(shop.roots());
    for (String name : List.of("ca.crt", "cacert")) {
      assertThat(SecretContent.of(ROOTS, Map.of(name, encoded(roots))))
          .isEqualTo(new Credential(new Credential.Content.Roots(roots, ""), ""));
    }
  }

  @Test
  void what_is_wrong_is_said_with_the_secret_and_nothing_of_the_key() {
    CertifiedKey shop = certified();
    String chain = encoded(Pem.of(shop.chain()));
    String key = encoded(Pem.of(shop.key()));
    String stranger = encoded(Pem.of(certified().key()));

    assertThat(problem(Map.of("tls.crt", chain)))
        .contains("Secret istio-system/shop of cluster cluster1", "tls.key");
    assertThat(problem(Map.of("tls.crt", chain, "tls.key", stranger))).contains("does not belong");
    assertThat(problem(Map.of("tls.crt", "!", "tls.key", key))).contains("base64");
    assertThat(problem(Map.of("tls.crt", encoded("nothing"), "tls.key", key)))
        .contains("CERTIFICATE");
    assertThat(problem(Map.of("tls.crt", chain, "tls.key", encoded("secret words"))))
        .contains("private key")
        .doesNotContain("secret words");
  }

  @Test
  void a_credential_is_shown_without_its_key() {
    CertifiedKey shop = certified();
    Credential credential =
        new Credential(
            new Credential.Content.KeyPair(Pem.of(shop.chain()), Pem.of(shop.key())), "");

    assertThat(credential.toString()).doesNotContain("PRIVATE KEY");
  }

  private static String problem(Map<String, String> data) {
    Credential found = SecretContent.of(SHOP, data);
    assertThat(found.usable()).isFalse();
    return found.problem();
  }
}
