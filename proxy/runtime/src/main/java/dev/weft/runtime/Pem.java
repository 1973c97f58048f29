package dev.weft.runtime;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in PEM (RFC 7468): keys as PKCS#8 (RFC 5958), as PKCS#1 (RFC 8017, A.1.2)
 * and as SEC 1 (RFC 5915), since tools write all three. Messages name what is wrong and show
 * nothing of a key.
 */
public final class Pem {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (RSA |EC |)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");

  private static final Pattern REVOCATIONS =
      Pattern.compile("-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----");

  /** {@code SEQUENCE { rsaEncryption, NULL }}. */
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  /** {@code id-ecPublicKey}. */
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final int CONTEXT_0 = 0xa0;

  private Pem() {}

  /**
   * All certificates of a text, in its order; perhaps none.
   *
   * @throws GeneralSecurityException where one cannot be read
   */
  public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> found = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int end = text.indexOf(END, at);
      if (end < 0) {
        throw new GeneralSecurityException("a certificate does not end");
      }
      String block = text.substring(at, end + END.length()) + "\n";
      found.add(
          (X509Certificate)
              factory.generateCertificate(
                  new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII))));
      at = text.indexOf(BEGIN, end);
    }
    return found;
  }

  /**
   * All certificates of a text that must have some.
   *
   * @throws IllegalArgumentException where there is none, or one cannot be read
   */
  public static List<X509Certificate> certificates(byte[] text) {
    List<X509Certificate> found;
    try {
      found = certificates(new String(text, StandardCharsets.ISO_8859_1));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "holds a certificate that cannot be read: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("holds no certificate in PEM");
    }
    return found;
  }

  /**
   * All revocation lists (RFC 5280) of a text that must have some.
   *
   * @throws IllegalArgumentException where there is none, or one cannot be read
   */
  public static List<X509CRL> revocations(byte[] text) {
    List<X509CRL> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher block = REVOCATIONS.matcher(new String(text, StandardCharsets.US_ASCII));
      while (block.find()) {
        found.add(
            (X509CRL)
                factory.generateCRL(
                    new ByteArrayInputStream(Base64.getMimeDecoder().decode(block.group(1)))));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "holds a revocation list that cannot be read: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("holds no revocation list in PEM (X509 CRL)");
    }
    return found;
  }

  /** A block of a kind, such as {@code CERTIFICATE REQUEST}. */
  public static String encode(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }

  /**
   * The first private key of a text.
   *
   * @throws IllegalArgumentException where there is none, or it cannot be read
   */
  public static PrivateKey key(byte[] text) {
    Matcher m = KEY.matcher(new String(text, StandardCharsets.US_ASCII));
    if (!m.find()) {
      throw new IllegalArgumentException(
          "holds no private key in PEM without a password (PKCS#8, PKCS#1 or SEC 1)");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(m.group(2));
    } catch (IllegalArgumentException e) {
      throw unreadable(e);
    }
    try {
      return switch (m.group(1)) {
        case "RSA " -> parsed("RSA", pkcs8(RSA, der));
        case "EC " -> parsed("EC", pkcs8(Der.element(Der.SEQUENCE, EC, curve(der)), der));
        default -> anyKind(der);
      };
    } catch (GeneralSecurityException | ArrayIndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  private static IllegalArgumentException unreadable(Exception cause) {
    // Parsers may quote what they read.
    IllegalArgumentException failure =
        new IllegalArgumentException(
            "the private key cannot be read (" + cause.getClass().getSimpleName() + ")");
    failure.setStackTrace(cause.getStackTrace());
    return failure;
  }

  private static PrivateKey anyKind(byte[] der) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("no kind of key");
    for (String kind : List.of("EC", "RSA", "Ed25519")) {
      try {
        return parsed(kind, der);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }

  private static PrivateKey parsed(String kind, byte[] der) throws GeneralSecurityException {
    return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return Der.element(Der.SEQUENCE, VERSION_0, algorithm, Der.element(Der.OCTETS, key));
  }

  /** The curve that a SEC 1 key names: the content of its element [0]. */
  private static byte[] curve(byte[] der) throws GeneralSecurityException {
    int at = content(der, 0);
    while (at < der.length) {
      int begin = content(der, at);
      int end = begin + length(der, at);
      if ((der[at] & 0xff) == CONTEXT_0) {
        return java.util.Arrays.copyOfRange(der, begin, end);
      }
      at = end;
    }
    throw new GeneralSecurityException("a key without the name of its curve");
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | der[at + 2 + i] & 0xff;
    }
    return length;
  }
}
