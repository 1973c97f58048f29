package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PemTest {
  @Test
  void keys_as_pkcs_8_are_read_whatever_their_kind() throws Exception {
    for (KeyPair pair : new KeyPair[] {rsa(), elliptic(), edwards()}) {
      PrivateKey read = Pem.key(pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      assertThat(read.getEncoded()).isEqualTo(pair.getPrivate().getEncoded());
    }
  }

  @Test
  void keys_as_pkcs_1_are_read() throws Exception {
    byte[] whole = rsa().getPrivate().getEncoded();
    // In PKCS#8 a PKCS#1 key is the content of the last element, 26 bytes from the beginning.
    byte[] inner = Arrays.copyOfRange(whole, 26, whole.length);

    assertThat(Pem.key(pem("RSA PRIVATE KEY", inner)).getEncoded()).isEqualTo(whole);
  }

  @Test
  void keys_as_sec_1_are_read_with_the_curve_that_they_name() throws Exception {
    java.security.interfaces.ECPrivateKey key =
        (java.security.interfaces.ECPrivateKey) elliptic().getPrivate();
    byte[] number = new byte[32];
    byte[] value = key.getS().toByteArray();
    int length = Math.min(32, value.length);
    System.arraycopy(value, value.length - length, number, 32 - length, length);
    byte[] curve = {
      (byte) 0xa0, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x03, 0x01, 0x07
    };
    byte[] sec1 = new byte[2 + 3 + 2 + 32 + curve.length];
    sec1[0] = 0x30;
    sec1[1] = (byte) (sec1.length - 2);
    System.arraycopy(new byte[] {0x02, 0x01, 0x01, 0x04, 0x20}, 0, sec1, 2, 5);
    System.arraycopy(number, 0, sec1, 7, 32);
    System.arraycopy(curve, 0, sec1, 39, curve.length);

    PrivateKey read = Pem.key(pem("EC PRIVATE KEY", sec1));

    assertThat(((java.security.interfaces.ECPrivateKey) read).getS()).isEqualTo(key.getS());
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

  private static byte[] pem(String kind, byte[] der) {
    return ("-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(der)))
        .getBytes(StandardCharsets.US_ASCII);
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
