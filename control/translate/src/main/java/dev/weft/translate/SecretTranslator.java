package dev.weft.translate;

import com.google.protobuf.ByteString;
import dev.weft.config.Credential;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;

/** Certificates that gateways show to clients outside of the mesh. Istio: pilot/pkg/xds/sds.go. */
final class SecretTranslator {
  private SecretTranslator() {}

  static Secret translate(SecretInputs in) {
    Secret.Builder secret = Secret.newBuilder().setName(in.name());
    switch (in.credential().content()) {
      case Credential.Content.KeyPair(String chain, String key) ->
          secret.setTlsCertificate(
              TlsCertificate.newBuilder()
                  .setCertificateChain(inline(chain))
                  .setPrivateKey(inline(key)));
      case Credential.Content.Roots(String roots, String revoked) -> {
        CertificateValidationContext.Builder context =
            CertificateValidationContext.newBuilder().setTrustedCa(inline(roots));
        if (!revoked.isEmpty()) {
          context.setCrl(inline(revoked));
        }
        secret.setValidationContext(context);
      }
      case Credential.Content.None none ->
          throw new IllegalArgumentException("there is nothing in " + in.name());
    }
    return secret.build();
  }

  private static DataSource inline(String text) {
    return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
  }
}
