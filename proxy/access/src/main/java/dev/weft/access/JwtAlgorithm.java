package dev.weft.access;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;

/**
 * How signatures of tokens are verified (RFC 7518, 3; RFC 8037, 3.1).
 *
 * @param type of the keys, as in their {@code kty}
 * @param curve of the keys; empty where there is none
 * @param name the JDK's
 * @param hash of RSASSA-PSS; empty elsewhere
 */
record JwtAlgorithm(String type, String curve, String name, String hash) {
  private static final Map<String, JwtAlgorithm> KNOWN =
      Map.of(
          "RS256", new JwtAlgorithm("RSA", "", "SHA256withRSA", ""),
          "RS384", new JwtAlgorithm("RSA", "", "SHA384withRSA", ""),
          "RS512", new JwtAlgorithm("RSA", "", "SHA512withRSA", ""),
          "PS256", new JwtAlgorithm("RSA", "", "RSASSA-PSS", "SHA-256"),
          "PS384", new JwtAlgorithm("RSA", "", "RSASSA-PSS", "SHA-384"),
          "PS512", new JwtAlgorithm("RSA", "", "RSASSA-PSS", "SHA-512"),
          "ES256", new JwtAlgorithm("EC", "P-256", "SHA256withECDSAinP1363Format", ""),
          "ES384", new JwtAlgorithm("EC", "P-384", "SHA384withECDSAinP1363Format", ""),
          "ES512", new JwtAlgorithm("EC", "P-521", "SHA512withECDSAinP1363Format", ""),
          "EdDSA", new JwtAlgorithm("OKP", "Ed25519", "Ed25519", ""));

  static boolean known(String alg) {
    return KNOWN.containsKey(alg);
  }

  /** Whether a key is one of the algorithm's. */
  static boolean fits(String alg, JwtKey key) {
    JwtAlgorithm algorithm = KNOWN.get(alg);
    return algorithm != null
        && algorithm.type.equals(key.type())
        && algorithm.curve.equals(key.curve())
        && (key.alg().isEmpty() || key.alg().equals(alg));
  }

  /** Whether the token was signed with the other half of a key that fits. */
  static boolean verifies(Jwt token, PublicKey key) {
    JwtAlgorithm algorithm = KNOWN.get(token.alg());
    if (algorithm == null) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(algorithm.name);
      if (!algorithm.hash.isEmpty()) {
        verifier.setParameter(algorithm.pss());
      }
      verifier.initVerify(key);
      verifier.update(token.signed());
      return verifier.verify(token.signature());
    } catch (GeneralSecurityException e) {
      // A signature of a wrong form, or a key that is none.
      return false;
    }
  }

  private PSSParameterSpec pss() {
    int bits = Integer.parseInt(hash.substring("SHA-".length()));
    return new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bits / 8, 1);
  }
}
