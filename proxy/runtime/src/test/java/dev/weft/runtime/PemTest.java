package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PemTest {
  @Test
  void keys_as_pkcs_8_are_read_whatever_their_kind() throws Exception {
    for (KeyPair pair : new KeyPair[] {rsa(), elliptic(), edwards()}) {
      PrivateKey read = Pem.key(PemKeys.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      assertThat(read.getEncoded()).isEqualTo(pair.getPrivate().getEncoded());
    }
  }

  @Test
  void keys_as_pkcs_1_are_read() throws Exception {
    byte[] whole = rsa().getPrivate().getEncoded();
    // In PKCS#8 a PKCS#1 key is the content of the last element, 26 bytes from the beginning.
    byte[] inner = Arrays.copyOfRange(whole, 26, whole.length);

    assertThat(Pem.key(PemKeys.pem("RSA PRIVATE KEY", inner)).getEncoded()).isEqualTo(whole);
  }

  @Test
  void keys_as_sec_1_are_read_with_the_curve_that_they_name() throws Exception {
    ECPrivateKey key = (ECPrivateKey) elliptic().getPrivate();

    assertThat(((ECPrivateKey) Pem.key(PemKeys.sec1(key))).getS()).isEqualTo(key.getS());
  }

  @Test
  void what_is_wrong_is_said_and_nothing_of_the_key() {
    for (String text :
        new String[] {
          "",
          "-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----",
          "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
          "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----",
          "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----",
          "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----"
        }) {
      assertThatThrownBy(() -> Pem.key(text.getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("private key")
          .hasMessageNotContainingAny("c2VjcmV0", "secret")
          .hasNoCause();
    }
    assertThatThrownBy(() -> Pem.certificates("nothing".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static KeyPair rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static KeyPair elliptic() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static KeyPair edwards() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }
}
