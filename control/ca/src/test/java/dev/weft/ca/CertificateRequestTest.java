package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateRequestTest {
  record Case(String name, String csr, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> refused() {
    KeyPair p256 = Certificates.ec("secp256r1");
    String good = Certificates.csr(p256);
    return Stream.of(
        new Case("empty", "", "is empty"),
        new Case("garbage", "hello", "has no PEM block 'CERTIFICATE REQUEST'"),
        new Case("torn", good.substring(0, good.length() / 2), "is not a PEM certificate request"),
        new Case("huge", good + " ".repeat(70_000), "more than 65536"),
        new Case(
            "another block",
            Pem.of(p256.getPrivate()),
            "has no PEM block 'CERTIFICATE REQUEST' at its beginning"),
        new Case(
            "stolen public key",
            Certificates.csr(p256, Certificates.ec("secp256r1").getPrivate(), "CN=x"),
            "is not signed with the private key"),
        new Case("rsa 1024", Certificates.csr(Certificates.rsa(1024)), "RSA key of 1024 bits"),
        new Case("p-521", Certificates.csr(Certificates.ec("secp521r1")), "use P-256 or P-384"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void a_bad_request_is_refused_with_the_reason(Case refused) {
    assertThatThrownBy(() -> CertificateRequest.parse(refused.csr()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'csr'")
        .hasMessageContaining(refused.says());
  }

  @Test
  void strong_keys_are_accepted() {
    for (KeyPair keys :
        new KeyPair[] {
          Certificates.ec("secp256r1"), Certificates.ec("secp384r1"), Certificates.rsa(2048)
        }) {
      assertThat(CertificateRequest.parse(Certificates.csr(keys)).publicKey())
          .isEqualTo(keys.getPublic());
    }
  }
}
