package dev.weft.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Keys, requests and plugged CAs for tests. */
final class Certificates {
  private Certificates() {}

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String csr(KeyPair keys) {
    return csr(keys, keys.getPrivate(), "CN=somebody-else");
  }

  static String csr(KeyPair keys, PrivateKey signer, String subject) {
    try {
      String algorithm = signer.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      byte[] der =
          new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic())
              .build(new JcaContentSignerBuilder(algorithm).build(signer))
              .getEncoded();
      return "-----BEGIN CERTIFICATE REQUEST-----\n"
          + Base64.getMimeEncoder().encodeToString(der)
          + "\n-----END CERTIFICATE REQUEST-----\n";
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An intermediate CA under a root of its own, as an operator would plug it in. */
  static SigningIdentity intermediate(CaSettings settings, Instant now) {
    SigningIdentity root = CertificateAuthority.selfSigned(settings, now, new SecureRandom());
    KeyPair keys = ec("secp256r1");
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(root.certificate().getSubjectX500Principal().getEncoded()),
              BigInteger.TWO,
              Date.from(now.minusSeconds(60)),
              Date.from(now.plusSeconds(86_400 * 30)),
              new X500Name("CN=intermediate"),
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(root.key())));
      return new SigningIdentity(keys.getPrivate(), List.of(certificate), root.roots());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A store in memory. */
  static final class MemoryStore implements CaStore {
    final SortedMap<String, CaEntries> secrets = new TreeMap<>();

    @Override
    public Optional<CaEntries> load(String name) {
      return Optional.ofNullable(secrets.get(name));
    }

    @Override
    public CaEntries createIfAbsent(String name, CaEntries entries) {
      CaEntries earlier = secrets.putIfAbsent(name, entries);
      return earlier == null ? entries : earlier;
    }
  }
}
