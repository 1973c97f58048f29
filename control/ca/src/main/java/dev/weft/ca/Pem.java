package dev.weft.ca;

import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/** PEM (RFC 7468) in and out. */
public final class Pem {
  private Pem() {}

  public static String of(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was parsed can be encoded", e);
    }
  }

  /** The certificates one after the other. */
  public static String of(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    certificates.forEach(c -> text.append(of(c)));
    return text.toString();
  }

  /** PKCS #8. */
  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /**
   * Reads every certificate of a text, in order; other blocks are passed over.
   *
   * @param where what the text is called in error messages
   * @throws IllegalArgumentException where there is none, or a broken one
   */
  public static List<X509Certificate> certificates(String where, String text) {
    List<X509Certificate> found = new ArrayList<>();
    JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (@Nullable Object o = parser.readObject(); o != null; o = parser.readObject()) {
        if (o instanceof X509CertificateHolder holder) {
          found.add(converter.getCertificate(holder));
        }
      }
    } catch (IOException | CertificateException | RuntimeException e) {
      throw new IllegalArgumentException(
          where + " has a certificate that cannot be read: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(where + " has no PEM block 'CERTIFICATE'");
    }
    return List.copyOf(found);
  }

  /**
   * Reads the first private key of a text: PKCS #8, SEC 1 or PKCS #1, unencrypted.
   *
   * @param where what the text is called in error messages
   * @throws IllegalArgumentException where there is none
   */
  public static PrivateKey privateKey(String where, String text) {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (@Nullable Object o = parser.readObject(); o != null; o = parser.readObject()) {
        if (o instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (o instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    } catch (IOException | RuntimeException e) {
      // The parser's message could quote the key; its kind is enough.
      throw new IllegalArgumentException(
          where + " has a private key that cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    throw new IllegalArgumentException(
        where
            + " has no unencrypted private key ('PRIVATE KEY', 'EC PRIVATE KEY' or 'RSA PRIVATE"
            + " KEY')");
  }

  private static String block(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
