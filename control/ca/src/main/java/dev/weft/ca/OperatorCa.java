package dev.weft.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes the CAs that an operator plugs in: a root that stays offline, and an intermediate for each
 * member cluster (Istio: tools/certs/Makefile.selfsigned.mk, common.mk).
 */
public final class OperatorCa {
  private static final int SERIAL_BITS = 127;
  private static final String ISTIOD = "istiod.istio-system.svc";

  private final Instant now;
  private final SecureRandom random;

  public OperatorCa(Instant now, SecureRandom random) {
    this.now = now;
    this.random = random;
  }

  /** A self-signed root. */
  public SigningIdentity root(CaProfile profile) {
    KeyPair keys = keys(profile.key());
    X500Name name = profile.name();
    try {
      JcaX509v3CertificateBuilder builder =
          builder(name, name, keys, profile, now.plus(profile.life()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      X509Certificate root = signed(builder, keys.getPrivate());
      return new SigningIdentity(keys.getPrivate(), List.of(root), List.of(root));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("a root could not be made", e);
    }
  }

  /**
   * An intermediate that signs leaves alone. It ends with its root at the latest.
   *
   * @param root self-signed
   */
  public SigningIdentity intermediate(SigningIdentity root, CaProfile profile) {
    KeyPair keys = keys(profile.key());
    X509Certificate ca = root.certificate();
    Instant end = now.plus(profile.life());
    Instant last = ca.getNotAfter().toInstant();
    try {
      JcaX509v3CertificateBuilder builder =
          builder(
              X500Name.getInstance(ca.getSubjectX500Principal().getEncoded()),
              profile.name(),
              keys,
              profile,
              end.isAfter(last) ? last : end);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(ca.getPublicKey()));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, ISTIOD)));
      X509Certificate intermediate = signed(builder, root.key());
      return new SigningIdentity(keys.getPrivate(), List.of(intermediate, ca), List.of(ca));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("an intermediate could not be signed", e);
    }
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, CaProfile profile, Instant end)
      throws GeneralSecurityException, IOException {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now),
            Date.from(end),
            subject,
            keys.getPublic());
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(
            KeyUsage.digitalSignature
                | KeyUsage.nonRepudiation
                | keyEncipherment(profile.key())
                | KeyUsage.keyCertSign
                | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
    return builder;
  }

  /** Only RSA keys encipher keys. */
  private static int keyEncipherment(CaProfile.KeyKind kind) {
    return switch (kind) {
      case RSA_4096 -> KeyUsage.keyEncipherment;
      case ECDSA_P256 -> 0;
    };
  }

  private KeyPair keys(CaProfile.KeyKind kind) {
    try {
      return switch (kind) {
        case RSA_4096 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
          generator.initialize(4096, random);
          yield generator.generateKeyPair();
        }
        case ECDSA_P256 -> KeyStrength.generate();
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime makes no key of kind " + kind, e);
    }
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(Signatures.algorithm(key)).build(key)));
  }
}
