package dev.weft.proxy.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** PEM text (RFC 7468). */
public final class Pem {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private Pem() {}

  /**
   * All certificates in a text, in order.
   *
   * @throws GeneralSecurityException where one cannot be read
   */
  public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> out = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int end = text.indexOf(END, at);
      if (end < 0) {
        throw new GeneralSecurityException("a certificate does not end");
      }
      String block = text.substring(at, end + END.length()) + "\n";
      out.add(
          (X509Certificate)
              factory.generateCertificate(
                  new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII))));
      at = text.indexOf(BEGIN, end);
    }
    return out;
  }

  /** A block of a kind ({@code CERTIFICATE REQUEST}). */
  static String encode(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
