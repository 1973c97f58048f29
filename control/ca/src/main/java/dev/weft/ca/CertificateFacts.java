package dev.weft.ca;

import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;

/**
 * What a certificate says, for people.
 *
 * @param identity the first name that it is for, a SPIFFE URI before host names; may be empty
 * @param serial in hexadecimal
 * @param algorithm of its key, such as {@code EC 256}
 */
public record CertificateFacts(
    String subject,
    String identity,
    String serial,
    String algorithm,
    Instant notBefore,
    Instant notAfter,
    String issuer) {
  // RFC 5280, 4.2.1.6.
  private static final int DNS_NAME = 2;
  private static final int URI = 6;
  private static final int IP_ADDRESS = 7;

  /** Of a certificate. */
  public static CertificateFacts of(X509Certificate certificate) {
    return new CertificateFacts(
        certificate.getSubjectX500Principal().getName(),
        identity(certificate),
        certificate.getSerialNumber().toString(16),
        algorithm(certificate.getPublicKey()),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        certificate.getIssuerX500Principal().getName());
  }

  private static String identity(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        for (int kind : List.of(URI, DNS_NAME, IP_ADDRESS)) {
          for (List<?> name : names) {
            if (name.get(0).equals(kind) && name.get(1) instanceof String text) {
              return text;
            }
          }
        }
      }
      return "";
    } catch (CertificateParsingException e) {
      return "";
    }
  }

  private static String algorithm(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec -> "EC " + ec.getParams().getOrder().bitLength();
      case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
      default -> key.getAlgorithm();
    };
  }
}
