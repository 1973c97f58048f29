package dev.weft.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates of the mesh: for workloads (one SPIFFE URI, nothing of what the request says
 * but its key) and for the control plane's own servers.
 *
 * <p>Thread-safe.
 */
public final class CertificateAuthority {
  private static final int SERIAL_BITS = 127;

  private final SigningIdentity signer;
  private final CaSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;

  public CertificateAuthority(
      SigningIdentity signer, CaSettings settings, InstantSource clock, SecureRandom random) {
    this.signer = signer;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The CA of this mesh: the one that the operator plugged in (secret {@code cacerts}), else the
   * one that an earlier control plane made (secret {@code istio-ca-secret}), else a new self-signed
   * one, which is stored for those that come later.
   *
   * @throws IOException where the store gave no answer
   * @throws IllegalArgumentException where a stored CA is unusable, saying which entry and why
   */
  public static CertificateAuthority obtain(
      CaStore store, CaSettings settings, InstantSource clock, SecureRandom random)
      throws IOException {
    return CurrentAuthority.obtain(store, settings, clock, random).get();
  }

  /** The same keys and roots with other settings. */
  CertificateAuthority with(CaSettings next) {
    return new CertificateAuthority(signer, next, clock, random);
  }

  /** A new root, ECDSA P-256. */
  public static SigningIdentity selfSigned(CaSettings settings, Instant now, SecureRandom random) {
    KeyPair keys = KeyStrength.generate();
    X500Name name = new X500Name("O=" + settings.trustDomain());
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial(random),
            Date.from(now.minus(settings.clockSkew())),
            Date.from(now.plus(settings.rootTtl())),
            name,
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate root =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder(Signatures.algorithm(keys.getPrivate()))
                          .build(keys.getPrivate())));
      return new SigningIdentity(keys.getPrivate(), List.of(root), List.of(root));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("a self-signed root could not be made", e);
    }
  }

  /** What the mesh trusts; goes into {@code istio-ca-root-cert}. */
  public List<X509Certificate> roots() {
    return signer.roots();
  }

  /** What stands between a leaf and the roots, from the one that signs up. */
  public List<X509Certificate> intermediates() {
    return signer.intermediates();
  }

  public CaSettings settings() {
    return settings;
  }

  /**
   * Certifies a workload's key.
   *
   * @param caller the authenticated one; its cluster stands in the certificate, too
   * @param requested zero for the default; more than the longest gets the longest
   * @return leaf first, root last
   */
  public List<X509Certificate> sign(CertificateRequest request, Caller caller, Duration requested) {
    if (requested.isNegative()) {
      throw new IllegalArgumentException(
          "the field 'validity_duration' is negative (" + requested.toSeconds() + " s)");
    }
    Duration wanted = requested.isZero() ? settings.workloadTtl() : requested;
    Duration ttl = wanted.compareTo(settings.longestTtl()) > 0 ? settings.longestTtl() : wanted;
    GeneralName name =
        new GeneralName(GeneralName.uniformResourceIdentifier, caller.identity().uri());
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(
        leaf(
            request.publicKey(),
            List.of(name),
            ttl,
            leaf -> ClusterStamp.put(leaf, caller.cluster())));
    chain.addAll(signer.intermediates());
    chain.addAll(signer.roots());
    return List.copyOf(chain);
  }

  /**
   * Makes a key and a certificate for one of the mesh's own servers.
   *
   * @param hosts DNS names and IP addresses; at least one
   */
  public CertifiedKey serve(List<String> hosts) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a serving certificate needs a host name");
    }
    KeyPair keys = KeyStrength.generate();
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(
        leaf(
            keys.getPublic(),
            hosts.stream().map(CertificateAuthority::hostName).toList(),
            settings.servingTtl(),
            _ -> {}));
    chain.addAll(signer.intermediates());
    return new CertifiedKey(keys.getPrivate(), chain, signer.roots());
  }

  /** What else stands in a leaf. */
  @FunctionalInterface
  private interface More {
    void into(JcaX509v3CertificateBuilder leaf) throws IOException;
  }

  private X509Certificate leaf(PublicKey key, List<GeneralName> names, Duration ttl, More more) {
    Instant now = clock.instant();
    X509Certificate ca = signer.certificate();
    Instant end = now.plus(ttl);
    Instant caEnd = ca.getNotAfter().toInstant();
    if (!caEnd.isAfter(now)) {
      throw new IllegalStateException("the CA certificate expired at " + caEnd);
    }
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(ca.getSubjectX500Principal().getEncoded()),
            serial(random),
            Date.from(now.minus(skew(ttl))),
            Date.from(end.isAfter(caEnd) ? caEnd : end),
            new X500Name(new RDN[0]),
            key);
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(ca));
      // Critical, because the subject is empty (RFC 5280, 4.2.1.6).
      builder.addExtension(
          Extension.subjectAlternativeName,
          true,
          new GeneralNames(names.toArray(GeneralName[]::new)));
      more.into(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder(Signatures.algorithm(signer.key()))
                      .build(signer.key())));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("a certificate could not be signed", e);
    }
  }

  /** Who renews at half of a short life shall not find that half is over when it begins. */
  private Duration skew(Duration ttl) {
    Duration quarter = ttl.dividedBy(4);
    return quarter.compareTo(settings.clockSkew()) < 0 ? quarter : settings.clockSkew();
  }

  private static GeneralName hostName(String host) {
    return isAddress(host)
        ? new GeneralName(GeneralName.iPAddress, host)
        : new GeneralName(GeneralName.dNSName, host);
  }

  private static boolean isAddress(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
  }
}
