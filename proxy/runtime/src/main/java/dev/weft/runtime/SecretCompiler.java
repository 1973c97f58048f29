package dev.weft.runtime;

import dev.weft.xds.client.ProtoFields;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** {@code envoy.extensions.transport_sockets.tls.v3.Secret}. */
final class SecretCompiler {
  private SecretCompiler() {}

  static TlsSecret compile(ProtoFields in) {
    in.ignore(IgnoredInClusters.SECRET);
    ProtoFields certificate = in.message(2, "tls_certificate");
    if (certificate != null) {
      return keyPair(certificate);
    }
    ProtoFields context = in.message(4, "validation_context");
    if (context == null) {
      throw in.reject("", "only tls_certificate and validation_context are supported");
    }
    return trusted(context);
  }

  private static TlsSecret keyPair(ProtoFields in) {
    byte[] chainText = data(in, 1, "certificate_chain");
    byte[] keyText = data(in, 2, "private_key");
    List<X509Certificate> chain;
    try {
      chain = Pem.certificates(chainText);
    } catch (IllegalArgumentException e) {
      throw in.reject("certificate_chain", String.valueOf(e.getMessage()));
    }
    PrivateKey key;
    try {
      key = Pem.key(keyText);
    } catch (IllegalArgumentException e) {
      throw in.reject("private_key", String.valueOf(e.getMessage()));
    }
    if (!key.getAlgorithm().equals(chain.getFirst().getPublicKey().getAlgorithm())) {
      throw in.reject("private_key", "is of another kind than the certificate's key");
    }
    return new TlsSecret.KeyPair(key, chain);
  }

  private static TlsSecret trusted(ProtoFields in) {
    byte[] text = data(in, 1, "trusted_ca");
    List<X509Certificate> roots;
    try {
      roots = Pem.certificates(text);
    } catch (IllegalArgumentException e) {
      throw in.reject("trusted_ca", String.valueOf(e.getMessage()));
    }
    if (!in.has(7)) {
      return new TlsSecret.Trusted(roots, List.of());
    }
    try {
      return new TlsSecret.Trusted(roots, Pem.revocations(data(in, 7, "crl")));
    } catch (IllegalArgumentException e) {
      throw in.reject("crl", String.valueOf(e.getMessage()));
    }
  }

  private static byte[] data(ProtoFields in, int field, String name) {
    ProtoFields source = in.required(field, name);
    if (source.has(2)) {
      return source.bytes(2);
    }
    if (source.has(3)) {
      return source.text(3).getBytes(StandardCharsets.UTF_8);
    }
    throw source.reject("", "only inline_bytes and inline_string are supported");
  }
}
