package dev.weft.runtime;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;

/** Private keys as files have them. */
final class PemKeys {
  private PemKeys() {}

  /** A key of the curve P-256 that everybody knows. */
  static ECPrivateKey known() throws GeneralSecurityException {
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    return (ECPrivateKey)
        KeyFactory.getInstance("EC")
            .generatePrivate(
                new ECPrivateKeySpec(
                    BigInteger.TWO.pow(200).add(BigInteger.ONE),
                    curve.getParameterSpec(ECParameterSpec.class)));
  }

  /** A key of the curve P-256 in the form of SEC 1, which names the curve. */
  static byte[] sec1(ECPrivateKey key) {
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
    return pem("EC PRIVATE KEY", sec1);
  }

  static byte[] pem(String kind, byte[] der) {
    return ("-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(der)))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
