package dev.weft.ca;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What signs: a CA certificate, its key, and the way from it to the roots that the mesh trusts.
 *
 * @param key of the first certificate of {@code chain}
 * @param chain the signing certificate, then those between it and a root; a self-signed CA is its
 *     own root and stands here too
 * @param roots at least one
 */
public record SigningIdentity(
    PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
  public SigningIdentity {
    chain = List.copyOf(chain);
    roots = List.copyOf(roots);
    if (chain.isEmpty() || roots.isEmpty()) {
      throw new IllegalArgumentException("a CA needs a certificate and a root");
    }
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** What follows a leaf on the wire: intermediates without the roots. */
  List<X509Certificate> intermediates() {
    return chain.stream().filter(c -> !roots.contains(c)).toList();
  }

  /**
   * Reads and checks a CA secret: {@code ca-cert.pem}, {@code ca-key.pem}, and, where the CA is not
   * its own root, {@code root-cert.pem} and {@code cert-chain.pem}; or the names of a
   * kubernetes.io/tls secret, {@code tls.crt}, {@code tls.key}, {@code ca.crt}.
   *
   * @param secret its name, for messages
   * @throws IllegalArgumentException naming the secret, the entry and what is wrong with it
   */
  public static SigningIdentity parse(String secret, CaEntries entries, Instant now) {
    Map<String, String> pem = entries.pem();
    boolean tlsStyle = !pem.containsKey(CaEntries.CERT) && pem.containsKey("tls.crt");
    String certName = tlsStyle ? "tls.crt" : CaEntries.CERT;
    String keyName = tlsStyle ? "tls.key" : CaEntries.KEY;
    String rootName = tlsStyle ? "ca.crt" : CaEntries.ROOT;

    List<X509Certificate> certificates = certificates(secret, certName, pem);
    String keyText = pem.get(keyName);
    if (keyText == null) {
      throw new IllegalArgumentException("secret " + secret + " lacks the entry " + keyName);
    }
    PrivateKey key = Pem.privateKey("entry " + keyName + " of secret " + secret, keyText);
    List<X509Certificate> chain = new ArrayList<>(certificates);
    @Nullable String chainText = pem.get(CaEntries.CHAIN);
    if (chainText != null && !chainText.isBlank()) {
      for (X509Certificate c : certificates(secret, CaEntries.CHAIN, pem)) {
        if (!chain.contains(c)) {
          chain.add(c);
        }
      }
    }
    @Nullable String rootText = pem.get(rootName);
    List<X509Certificate> roots =
        rootText != null && !rootText.isBlank()
            ? certificates(secret, rootName, pem)
            : List.of(chain.getLast());
    SigningIdentity identity = new SigningIdentity(key, chain, roots);
    identity.check(secret, certName, keyName, rootName, now);
    return identity;
  }

  /** The same as the entries of a secret, in Istio's names. */
  public CaEntries entries() {
    return CaEntries.of(
        Map.of(
            CaEntries.CERT,
            Pem.of(certificate()),
            CaEntries.KEY,
            Pem.of(key),
            CaEntries.CHAIN,
            Pem.of(chain),
            CaEntries.ROOT,
            Pem.of(roots)));
  }

  private static List<X509Certificate> certificates(
      String secret, String name, Map<String, String> pem) {
    String text = pem.get(name);
    if (text == null) {
      throw new IllegalArgumentException("secret " + secret + " lacks the entry " + name);
    }
    return Pem.certificates("entry " + name + " of secret " + secret, text);
  }

  private void check(String secret, String certName, String keyName, String rootName, Instant now) {
    String entry = "entry " + certName + " of secret " + secret;
    X509Certificate ca = certificate();
    if (ca.getBasicConstraints() < 0) {
      throw new IllegalArgumentException(
          entry + " is not a CA certificate (basic constraints say CA:FALSE or nothing)");
    }
    boolean @Nullable [] usage = ca.getKeyUsage();
    if (usage != null && !usage[5]) {
      throw new IllegalArgumentException(entry + " may not sign (key usage lacks keyCertSign)");
    }
    if (now.isAfter(ca.getNotAfter().toInstant())) {
      throw new IllegalArgumentException(entry + " expired at " + ca.getNotAfter().toInstant());
    }
    if (!Signatures.belongTogether(key, ca.getPublicKey())) {
      throw new IllegalArgumentException(
          "entry " + keyName + " of secret " + secret + " is not the key of " + certName);
    }
    try {
      Set<TrustAnchor> anchors =
          roots.stream().map(r -> new TrustAnchor(r, null)).collect(Collectors.toSet());
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      List<X509Certificate> path = intermediates();
      if (!path.isEmpty()) {
        CertPathValidator.getInstance("PKIX")
            .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          entry + " does not lead to " + rootName + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "SigningIdentity(" + certificate().getSubjectX500Principal() + ")";
  }
}
