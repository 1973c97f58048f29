package dev.weft.proxy.xds;

import dev.weft.identity.WorkloadIdentity;
import dev.weft.runtime.Pem;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the control plane: its certificate is verified against the mesh's roots in a file.
 */
public final class ServerTrust {
  private final Path rootFile;

  /** Roots in a PEM file, read at each use. */
  public ServerTrust(Path rootFile) {
    this.rootFile = rootFile;
  }

  /**
   * The roots.
   *
   * @throws TrustException naming the file
   */
  public List<X509Certificate> roots() throws TrustException {
    try {
      List<X509Certificate> roots = Pem.certificates(Files.readString(rootFile));
      if (roots.isEmpty()) {
        throw new GeneralSecurityException("no certificate in it");
      }
      return roots;
    } catch (IOException | GeneralSecurityException e) {
      throw new TrustException(
          "the mesh's root certificates in " + rootFile + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * A client context for gRPC.
   *
   * @param serverName a DNS name that the server's certificate must have
   * @param identity whose certificate to show; null: none
   */
  public SslContext client(String serverName, @Nullable WorkloadIdentity identity)
      throws TrustException {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.OPENSSL)
              .protocols("TLSv1.3", "TLSv1.2")
              .trustManager(new ServerVerifier(roots(), serverName))
              .endpointIdentificationAlgorithm(null)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      "h2"));
      if (identity != null) {
        builder.keyManager(identity.key(), identity.chain());
      }
      return builder.build();
    } catch (SSLException e) {
      throw new TrustException("no TLS towards the control plane: " + e.getMessage(), e);
    }
  }
}
