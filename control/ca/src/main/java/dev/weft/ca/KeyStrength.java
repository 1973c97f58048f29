package dev.weft.ca;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;

/** Which keys the mesh makes and certifies. */
final class KeyStrength {
  private static final int SMALLEST_RSA = 2048;
  private static final int LARGEST_RSA = 8192;

  // The field primes of the curves, FIPS 186-5 through SP 800-186 section 3.2.1.
  private static final BigInteger P256 =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger P384 =
      BigInteger.ONE
          .shiftLeft(384)
          .subtract(BigInteger.ONE.shiftLeft(128))
          .subtract(BigInteger.ONE.shiftLeft(96))
          .add(BigInteger.ONE.shiftLeft(32))
          .subtract(BigInteger.ONE);

  private KeyStrength() {}

  /** A new ECDSA P-256 key. */
  static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no ECDSA P-256", e);
    }
  }

  /** Why the key is refused, or empty where it is good. */
  static Optional<String> objection(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      return bits >= SMALLEST_RSA && bits <= LARGEST_RSA
          ? Optional.empty()
          : Optional.of(
              "an RSA key of "
                  + bits
                  + " bits is refused: use ECDSA P-256, or RSA with "
                  + SMALLEST_RSA
                  + " to "
                  + LARGEST_RSA
                  + " bits");
    }
    if (key instanceof ECPublicKey ec) {
      boolean known =
          ec.getParams().getCurve().getField() instanceof ECFieldFp field
              && (field.getP().equals(P256) || field.getP().equals(P384));
      return known
          ? Optional.empty()
          : Optional.of("an EC key on that curve is refused: use P-256 or P-384");
    }
    return Optional.of("a key of type " + key.getAlgorithm() + " is refused: use ECDSA P-256");
  }
}
