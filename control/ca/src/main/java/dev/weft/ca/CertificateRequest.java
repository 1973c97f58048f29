package dev.weft.ca;

import java.io.IOException;
import java.io.StringReader;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Optional;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * A certificate request (PKCS #10, RFC 2986) of which only the public key counts: names and
 * extensions that the caller asks for are never looked at.
 *
 * @param publicKey strong enough, and its owner has signed the request with the private one
 */
public record CertificateRequest(PublicKey publicKey) {
  private static final int LONGEST = 64 * 1024;

  /**
   * Reads and checks a request.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static CertificateRequest parse(String pem) {
    if (pem.isBlank()) {
      throw new IllegalArgumentException(
          "the field 'csr' is empty: send a PEM certificate request");
    }
    if (pem.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the field 'csr' has " + pem.length() + " characters, more than " + LONGEST);
    }
    PublicKey key = verifiedKey(request(pem));
    Optional<String> objection = KeyStrength.objection(key);
    if (objection.isPresent()) {
      throw new IllegalArgumentException("the field 'csr': " + objection.get());
    }
    return new CertificateRequest(key);
  }

  private static PKCS10CertificationRequest request(String pem) {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      @Nullable Object found = parser.readObject();
      if (found instanceof PKCS10CertificationRequest request) {
        return request;
      }
      throw new IllegalArgumentException(
          "the field 'csr' has no PEM block 'CERTIFICATE REQUEST'"
              + (found == null ? "" : " at its beginning"));
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "the field 'csr' is not a PEM certificate request: " + e.getMessage(), e);
    }
  }

  private static PublicKey verifiedKey(PKCS10CertificationRequest request) {
    PublicKey key;
    try {
      key = new JcaPKCS10CertificationRequest(request).getPublicKey();
    } catch (InvalidKeyException | NoSuchAlgorithmException | RuntimeException e) {
      throw new IllegalArgumentException(
          "the field 'csr' has a public key that cannot be used: ECDSA P-256 can", e);
    }
    boolean signed;
    try {
      signed = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
    } catch (OperatorCreationException | PKCSException | RuntimeException e) {
      throw new IllegalArgumentException(
          "the field 'csr' has a signature that cannot be checked: " + e.getMessage(), e);
    }
    if (!signed) {
      throw new IllegalArgumentException(
          "the field 'csr' is not signed with the private key that belongs to its public key");
    }
    return key;
  }
}
