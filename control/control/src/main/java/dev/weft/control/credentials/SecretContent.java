package dev.weft.control.credentials;

import dev.weft.ca.Pem;
import dev.weft.ca.Signatures;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the data of a Secret says: of type {@code kubernetes.io/tls}, or generic as Istio has it
 * ({@code cert}, {@code key}, {@code cacert}). Pure. Messages show nothing of a key.
 */
final class SecretContent {
  private static final List<String> CHAINS = List.of("tls.crt", "cert");
  private static final List<String> KEYS = List.of("tls.key", "key");
  private static final List<String> ROOTS = List.of("ca.crt", "cacert");
  private static final String REVOKED = "ca.crl";

  private SecretContent() {}

  /**
   * Reads it.
   *
   * @param data of the Secret, base64
   */
  static Credential of(CredentialKey key, Map<?, ?> data) {
    try {
      return key.ofRoots() ? roots(key, data) : keyPair(key, data);
    } catch (IllegalArgumentException e) {
      return Credential.missing(String.valueOf(e.getMessage()));
    }
  }

  private static Credential keyPair(CredentialKey where, Map<?, ?> data) {
    String chain = required(where, data, CHAINS);
    String key = required(where, data, KEYS);
    List<X509Certificate> certificates = Pem.certificates(where.toString(), chain);
    if (!Signatures.belongTogether(
        Pem.privateKey(where.toString(), key), certificates.getFirst().getPublicKey())) {
      throw new IllegalArgumentException(
          where + ": its key does not belong to its certificate: write both anew");
    }
    return new Credential(new Credential.Content.KeyPair(chain, key), "");
  }

  private static Credential roots(CredentialKey where, Map<?, ?> data) {
    String roots = required(where, data, ROOTS);
    if (Pem.certificates(where.toString(), roots).isEmpty()) {
      throw new IllegalArgumentException(where + " holds no certificate in PEM");
    }
    return new Credential(new Credential.Content.Roots(roots, revoked(where, data)), "");
  }

  /** Beside the roots. Istio: pilot/pkg/credentials/kube/secrets.go. */
  private static String revoked(CredentialKey where, Map<?, ?> data) {
    String lists = text(where, data, REVOKED).orElse("");
    if (!lists.isBlank() && !lists.contains("-----BEGIN X509 CRL-----")) {
      throw new IllegalArgumentException(
          where + ": " + REVOKED + " holds no revocation list in PEM (X509 CRL)");
    }
    return lists.strip();
  }

  private static String required(CredentialKey where, Map<?, ?> data, List<String> names) {
    return names.stream()
        .map(name -> text(where, data, name))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    where + " lacks " + String.join(" or ", names) + " in its data"));
  }

  private static Optional<String> text(CredentialKey where, Map<?, ?> data, String name) {
    if (!(data.get(name) instanceof String encoded)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + name + " is no base64", e);
    }
  }
}
