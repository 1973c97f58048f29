package dev.weft.server;

import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.runtime.TlsSecret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests. */
public final class Pki {
  private final AtomicLong serial = new AtomicLong(1);
  private final KeyPair keys = keys();
  final X509Certificate root = certificate("CN=root", keys, "CN=root", keys, "");

  /** What its certificates lead to. */
  public X509Certificate root() {
    return root;
  }

  /** An identity that a test may replace. */
  public static final class Identity implements IdentitySource {
    volatile WorkloadIdentity identity;

    Identity(WorkloadIdentity identity) {
      this.identity = identity;
    }

    @Override
    public WorkloadIdentity current() {
      return identity;
    }

    @Override
    public void watch(Consumer<WorkloadIdentity> listener) {
      listener.accept(identity);
    }
  }

  public Identity identity(String uri) {
    return new Identity(workload(uri));
  }

  WorkloadIdentity workload(String uri) {
    KeyPair own = keys();
    X509Certificate leaf = certificate("O=weft", own, "CN=root", keys, uri);
    return new WorkloadIdentity(uri, own.getPrivate(), List.of(leaf), List.of(root), serial.get());
  }

  /** A certificate for a host, and its key. */
  public TlsSecret.KeyPair host(String name) {
    KeyPair own = keys();
    return new TlsSecret.KeyPair(
        own.getPrivate(), List.of(certificate("CN=" + name, own, "CN=root", keys, name)));
  }

  /** A list, in force for an hour, of one certificate that is not good any more. */
  public X509CRL revoked(X509Certificate certificate) {
    try {
      Instant now = Instant.now();
      JcaX509v2CRLBuilder list =
          new JcaX509v2CRLBuilder(root.getSubjectX500Principal(), Date.from(now.minusSeconds(60)));
      list.setNextUpdate(Date.from(now.plusSeconds(3600)));
      list.addCRLEntry(certificate.getSerialNumber(), Date.from(now), 0);
      return new JcaX509CRLConverter()
          .getCRL(
              list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certificate(
      String subject, KeyPair own, String issuer, KeyPair signer, String name) {
    try {
      Instant now = Instant.now();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer),
              BigInteger.valueOf(serial.getAndIncrement()),
              Date.from(now.minusSeconds(60)),
              Date.from(now.plusSeconds(3600)),
              new X500Name(subject),
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(name.isEmpty()));
      if (!name.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName(
                    name.contains("://")
                        ? GeneralName.uniformResourceIdentifier
                        : GeneralName.dNSName,
                    name)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
