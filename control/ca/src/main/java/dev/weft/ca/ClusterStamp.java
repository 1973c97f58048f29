package dev.weft.ca;

import dev.weft.types.ClusterId;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/**
 * The member cluster that a workload's certificate was issued to. One SPIFFE id may live in every
 * cluster, so the id alone does not say where its holder is. A non-critical extension: who does not
 * know it takes no notice (RFC 5280, 4.2), and the subject stays empty, so that name constraints of
 * a plugged-in CA and what {@code x-forwarded-client-cert} says are not touched by it.
 */
final class ClusterStamp {
  /**
   * Below the arc of experiments (RFC 1155, 3.1.3). No arc is above 2^31 - 1: programs in Go read
   * no certificate that has a larger one, which rules out those made of UUIDs.
   */
  private static final ASN1ObjectIdentifier OID = new ASN1ObjectIdentifier("1.3.6.1.3.284971662.1");

  private ClusterStamp() {}

  static void put(X509v3CertificateBuilder leaf, ClusterId cluster) throws CertIOException {
    leaf.addExtension(OID, false, new DERUTF8String(cluster.value()));
  }

  /** Empty where the certificate has none that can be read. */
  static Optional<ClusterId> of(X509Certificate leaf) {
    byte[] extension = leaf.getExtensionValue(OID.getId());
    if (extension == null) {
      return Optional.empty();
    }
    try {
      return JcaX509ExtensionUtils.parseExtensionValue(extension) instanceof ASN1UTF8String text
          ? Optional.of(ClusterId.of(text.getString()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
