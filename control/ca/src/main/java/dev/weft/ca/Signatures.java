package dev.weft.ca;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;

/** Signature algorithms by key, and which keys belong together. */
public final class Signatures {
  private Signatures() {}

  /** Whether what the private key signs, the public key verifies. */
  public static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
    boolean known = key instanceof ECPrivateKey || key.getAlgorithm().equals("RSA");
    String algorithm = known ? algorithm(key) : key.getAlgorithm();
    byte[] probe = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(probe);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static String algorithm(PrivateKey key) {
    if (key instanceof ECPrivateKey ec) {
      return ec.getParams().getOrder().bitLength() > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
    }
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      default ->
          throw new IllegalArgumentException(
              "a CA key of type " + key.getAlgorithm() + " is refused: use ECDSA P-256 or RSA");
    };
  }
}
