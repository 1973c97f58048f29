package dev.weft.server.tls;

import dev.weft.exchange.PeerCertificate;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.TlsParameters;
import dev.weft.runtime.UpstreamTransport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS handlers. Contexts are shared by all connections with the same settings and made anew
 * when a secret changes; running connections keep theirs. Sessions are never resumed: each
 * connection proves its certificate. Safe for all loops.
 */
public final class TlsContexts {
  private final TlsSecrets secrets;
  private final InstantSource clock;
  private final ConcurrentHashMap<Key, Built> contexts = new ConcurrentHashMap<>();

  /** Contexts over these secrets. */
  public TlsContexts(TlsSecrets secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /** What a context depends on, beside the secrets themselves. Names are not among it. */
  private record Key(
      boolean server,
      @Nullable String certSecret,
      String roots,
      String revoked,
      boolean require,
      List<String> alpn,
      TlsParameters parameters) {}

  private record Built(
      SslContext context,
      @Nullable PeerVerifier verifier,
      long keyGeneration,
      long rootGeneration,
      long revokedGeneration) {}

  /**
   * A handler and what verifies its peer.
   *
   * @param verifier null: the peer is not verified
   */
  public static final class Session {
    private final SslHandler handler;
    private final @Nullable PeerVerifier verifier;
    private final String serverName;

    Session(SslHandler handler, @Nullable PeerVerifier verifier, String serverName) {
      this.handler = handler;
      this.verifier = verifier;
      this.serverName = serverName;
    }

    /** The SNI that is sent; empty for none, and for servers. */
    public String serverName() {
      return serverName;
    }

    public SslHandler handler() {
      return handler;
    }

    /** The verified peer after the handshake, or null where it showed no certificate. */
    public @Nullable PeerCertificate peer() {
      if (verifier == null) {
        return null;
      }
      try {
        return verifier.verified(
            (X509Certificate) handler.engine().getSession().getPeerCertificates()[0]);
      } catch (SSLPeerUnverifiedException e) {
        return null;
      }
    }
  }

  /**
   * TLS towards a client.
   *
   * @throws SSLException where a secret is missing or does not fit; the message says which
   */
  public Session server(DownstreamTls.Terminate tls, ByteBufAllocator allocator)
      throws SSLException {
    Built built =
        built(
            new Key(
                true,
                tls.certSecret(),
                roots(tls.trust()),
                tls.trust().rules().revoked(),
                tls.requireClientCert(),
                tls.alpn(),
                tls.parameters()));
    return new Session(built.context.newHandler(allocator), built.verifier, "");
  }

  /**
   * TLS towards an endpoint.
   *
   * @param serverName SNI; empty: none
   * @throws SSLException where a secret is missing or does not fit; the message says which
   */
  public Session client(UpstreamTransport.Tls tls, String serverName, ByteBufAllocator allocator)
      throws SSLException {
    Built built =
        built(
            new Key(
                false,
                tls.certSecret(),
                roots(tls.trust()),
                tls.trust().rules().revoked(),
                false,
                tls.alpn(),
                tls.parameters()));
    SslHandler handler = built.context.newHandler(allocator);
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(null);
    engine.setSSLParameters(parameters);
    if (!serverName.isEmpty()) {
      if (!(engine instanceof ReferenceCountedOpenSslEngine openssl)) {
        throw new SSLException("the TLS engine takes no server name");
      }
      // The JDK's SNIHostName refuses the underscores of outbound_.80_._.host.
      SSL.setTlsExtHostName(openssl.sslPointer(), serverName);
    }
    return new Session(handler, built.verifier, serverName);
  }

  private static String roots(PeerTrust trust) {
    return switch (trust) {
      case PeerTrust.None none -> "";
      case PeerTrust.Secret secret -> secret.rootSecret();
      case PeerTrust.File file -> "file-root:" + file.path();
    };
  }

  private Built built(Key key) throws SSLException {
    TlsSecrets.KeyMaterial own = null;
    if (key.certSecret() != null) {
      own = secrets.key(key.certSecret());
      if (own == null) {
        throw new SSLException("secret " + key.certSecret() + " is not there yet");
      }
    }
    TlsSecrets.Roots roots = null;
    if (!key.roots().isEmpty()) {
      roots = secrets.roots(key.roots());
      if (roots == null) {
        throw new SSLException("roots " + key.roots() + " are not there yet");
      }
    }
    TlsSecrets.Revocations revoked = null;
    if (!key.revoked().isEmpty()) {
      revoked = secrets.revocations(key.revoked());
      if (revoked == null) {
        throw new SSLException("revocation lists " + key.revoked() + " are not there yet");
      }
    }
    long keyGeneration = own == null ? 0 : own.generation();
    long rootGeneration = roots == null ? 0 : roots.generation();
    long revokedGeneration = revoked == null ? 0 : revoked.generation();
    Built built = contexts.get(key);
    if (built == null
        || built.keyGeneration != keyGeneration
        || built.rootGeneration != rootGeneration
        || built.revokedGeneration != revokedGeneration) {
      PeerVerifier verifier = roots == null ? null : verifier(roots, revoked);
      built =
          new Built(
              build(key, own, verifier),
              verifier,
              keyGeneration,
              rootGeneration,
              revokedGeneration);
      contexts.put(key, built);
    }
    return built;
  }

  private PeerVerifier verifier(TlsSecrets.Roots roots, TlsSecrets.@Nullable Revocations revoked) {
    List<X509CRL> lists = new ArrayList<>(roots.revoked());
    if (revoked != null) {
      lists.addAll(revoked.lists());
    }
    return new PeerVerifier(roots.certificates(), lists, clock);
  }

  private static SslContext build(
      Key key, TlsSecrets.@Nullable KeyMaterial own, @Nullable PeerVerifier verifier)
      throws SSLException {
    SslContextBuilder builder;
    if (key.server()) {
      if (own == null) {
        throw new SSLException("a server needs a certificate");
      }
      builder = SslContextBuilder.forServer(own.key(), chain(own));
      builder.clientAuth(
          verifier == null
              ? ClientAuth.NONE
              : key.require() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
    } else {
      builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(null);
      if (own != null) {
        builder.keyManager(own.key(), chain(own));
      }
    }
    X509ExtendedTrustManager trust = verifier == null ? new AnyPeer() : verifier;
    builder.sslProvider(SslProvider.OPENSSL).trustManager(trust).protocols(versions(key));
    if (!key.parameters().cipherSuites().isEmpty()) {
      builder.ciphers(key.parameters().cipherSuites());
    }
    if (!key.parameters().curves().isEmpty()) {
      builder.option(OpenSslContextOption.GROUPS, key.parameters().curves().toArray(new String[0]));
    }
    if (!key.alpn().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              key.alpn()));
    }
    SslContext context = builder.build();
    if (context instanceof OpenSslContext openssl) {
      openssl.sessionContext().setSessionCacheEnabled(false);
    }
    return context;
  }

  private static X509Certificate[] chain(TlsSecrets.KeyMaterial own) {
    return own.chain().toArray(new X509Certificate[0]);
  }

  private static List<String> versions(Key key) {
    boolean older = key.parameters().minimum() == TlsParameters.Version.TLS_1_2;
    boolean newer = key.parameters().maximum() == TlsParameters.Version.TLS_1_3;
    return older && newer ? List.of("TLSv1.3", "TLSv1.2") : List.of(newer ? "TLSv1.3" : "TLSv1.2");
  }
}
