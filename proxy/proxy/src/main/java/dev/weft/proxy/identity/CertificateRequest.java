package dev.weft.proxy.identity;

import java.io.ByteArrayOutputStream;
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
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int OCTETS = 0x04;
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
    byte[] bits = join(new byte[] {0}, signature.sign());
    byte[] request = tlv(SEQUENCE, join(info, ec ? ECDSA_SHA256 : RSA_SHA256, tlv(BITS, bits)));
    return Pem.encode("CERTIFICATE REQUEST", request);
  }

  private static byte[] info(KeyPair pair, String uri) {
    byte[] names = tlv(SEQUENCE, tlv(URI_NAME, uri.getBytes(StandardCharsets.US_ASCII)));
    // Critical, because the subject is empty (RFC 5280, 4.2.1.6).
    byte[] extension = tlv(SEQUENCE, join(SUBJECT_ALT_NAME, TRUE, tlv(OCTETS, names)));
    byte[] attribute = tlv(SEQUENCE, join(EXTENSION_REQUEST, tlv(SET, tlv(SEQUENCE, extension))));
    byte[] version = {0x02, 0x01, 0x00};
    byte[] subject = tlv(SEQUENCE);
    return tlv(
        SEQUENCE,
        join(version, subject, pair.getPublic().getEncoded(), tlv(ATTRIBUTES, attribute)));
  }

  private static byte[] tlv(int tag, byte[]... contents) {
    byte[] content = join(contents);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
