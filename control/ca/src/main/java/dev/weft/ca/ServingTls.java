package dev.weft.ca;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for a server of the control plane: each handshake uses the {@link ServingIdentity} of that
 * moment, and client certificates are verified against the mesh's roots. Give {@link #keyManager}
 * and {@link #trustManager} to gRPC ({@code TlsServerCredentials}, client authentication optional),
 * or {@link #context} to an HTTP server.
 */
public final class ServingTls {
  private final ServingIdentity identity;

  public ServingTls(ServingIdentity identity) {
    this.identity = identity;
  }

  public X509ExtendedKeyManager keyManager() {
    return new CurrentKey(identity);
  }

  public X509ExtendedTrustManager trustManager() {
    return new MeshTrust(identity);
  }

  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keyManager()}, new TrustManager[] {trustManager()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }

  /**
   * Each alias is a certificate's serial, so that a handshake that began before a rotation ends
   * with the pair that it began with, or fails, but never mixes two.
   */
  private static final class CurrentKey extends X509ExtendedKeyManager {
    private final ServingIdentity identity;
    private volatile CertifiedKey newest;
    private volatile @Nullable CertifiedKey before;

    CurrentKey(ServingIdentity identity) {
      this.identity = identity;
      this.newest = identity.current();
    }

    private static String alias(CertifiedKey key) {
      return key.leaf().getSerialNumber().toString(16);
    }

    private synchronized @Nullable CertifiedKey find(@Nullable String alias) {
      CertifiedKey now = identity.current();
      if (now != newest) {
        before = newest;
        newest = now;
      }
      if (alias == null || alias(newest).equals(alias)) {
        return newest;
      }
      CertifiedKey old = before;
      return old != null && alias(old).equals(alias) ? old : null;
    }

    private @Nullable String aliasFor(@Nullable String keyType) {
      CertifiedKey key = find(null);
      return key != null && keyType != null && keyType.startsWith(key.key().getAlgorithm())
          ? alias(key)
          : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      @Nullable String alias = aliasFor(keyType);
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return aliasFor(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return Arrays.stream(keyTypes)
          .map(this::aliasFor)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      CertifiedKey key = find(alias);
      return key == null ? null : key.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      CertifiedKey key = find(alias);
      return key == null ? null : key.key();
    }
  }

  /** Any chain to one of the mesh's roots, of that moment; who it names is for others to judge. */
  private static final class MeshTrust extends X509ExtendedTrustManager {
    private final ServingIdentity identity;

    MeshTrust(ServingIdentity identity) {
      this.identity = identity;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      List<X509Certificate> roots = identity.current().roots();
      List<X509Certificate> path = Arrays.stream(chain).filter(c -> !roots.contains(c)).toList();
      if (path.isEmpty()) {
        throw new CertificateException("the peer sent no certificate but a root");
      }
      try {
        Set<TrustAnchor> anchors =
            roots.stream().map(r -> new TrustAnchor(r, null)).collect(Collectors.toSet());
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
            .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      } catch (CertificateException e) {
        throw e;
      } catch (GeneralSecurityException e) {
        throw new CertificateException(
            "the peer's certificate does not lead to a root of this mesh: " + e.getMessage(), e);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return identity.current().roots().toArray(X509Certificate[]::new);
    }
  }
}
