package dev.weft.ca;

import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;

/** Signature algorithms by key. */
final class Signatures {
  private Signatures() {}

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
