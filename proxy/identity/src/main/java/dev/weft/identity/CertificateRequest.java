package dev.weft.identity;

import dev.weft.runtime.Der;
import dev.weft.runtime.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/**
 * A PKCS #10 certificate request (RFC 2986) for one SPIFFE id, with an empty subject, as Istio's
 * agents send it.
 */
final class CertificateRequest {
  private static final byte[] ECDSA_SHA256 = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };
  private static final byte[] RSA_SHA256 = {
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
    0x0b,
    0x05,
    0x00
  };
  private static final byte[] EXTENSION_REQUEST = {
    0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x09, 0x0e
  };
  private static final byte[] SUBJECT_ALT_NAME = {0x06, 0x03, 0x55, 0x1d, 0x11};
  private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};
  private static final int SET = 0x31;
  private static final int BITS = 0x03;
  private static final int URI_NAME = 0x86;
  private static final int ATTRIBUTES = 0xa0;

  private CertificateRequest() {}

  /** The request as PEM, signed with the pair's private key. */
  static String pem(KeyPair pair, String uri) throws GeneralSecurityException {
    boolean ec = pair.getPublic().getAlgorithm().equals("EC");
    byte[] info = info(pair, uri);
    Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(pair.getPrivate());
    signature.update(info);
    byte[] bits = Der.joined(new byte[] {0}, signature.sign());
    byte[] request =
        Der.element(
            Der.SEQUENCE,
            Der.joined(info, ec ? ECDSA_SHA256 : RSA_SHA256, Der.element(BITS, bits)));
    return Pem.encode("CERTIFICATE REQUEST", request);
  }

  private static byte[] info(KeyPair pair, String uri) {
    byte[] names =
        Der.element(Der.SEQUENCE, Der.element(URI_NAME, uri.getBytes(StandardCharsets.US_ASCII)));
    // Critical, because the subject is empty (RFC 5280, 4.2.1.6).
    byte[] extension =
        Der.element(
            Der.SEQUENCE, Der.joined(SUBJECT_ALT_NAME, TRUE, Der.element(Der.OCTETS, names)));
    byte[] attribute =
        Der.element(
            Der.SEQUENCE,
            Der.joined(EXTENSION_REQUEST, Der.element(SET, Der.element(Der.SEQUENCE, extension))));
    byte[] version = {0x02, 0x01, 0x00};
    byte[] subject = Der.element(Der.SEQUENCE);
    return Der.element(
        Der.SEQUENCE,
        Der.joined(
            version, subject, pair.getPublic().getEncoded(), Der.element(ATTRIBUTES, attribute)));
  }
}
