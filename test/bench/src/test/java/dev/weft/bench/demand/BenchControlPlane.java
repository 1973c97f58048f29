package dev.weft.bench.demand;

import dev.weft.ca.BearerToken;
import dev.weft.ca.CaEntries;
import dev.weft.ca.CaMetrics;
import dev.weft.ca.CaSettings;
import dev.weft.ca.CaStore;
import dev.weft.ca.CallerInterceptor;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.CertificateService;
import dev.weft.ca.MeshAuthenticator;
import dev.weft.ca.Pem;
import dev.weft.ca.ServingCertificate;
import dev.weft.ca.ServingTls;
import dev.weft.ca.TokenReview;
import dev.weft.ca.TokenReviewCache;
import dev.weft.control.ads.AdsServer;
import dev.weft.control.ads.AdsSettings;
import dev.weft.loop.Clock;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.translate.Translation;
import dev.weft.types.TrustDomain;
import io.grpc.TlsServerCredentials;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The discovery server and the authority of a mesh that does not change. */
final class BenchControlPlane implements AutoCloseable {
  static final String NAME = "istiod.istio-system.svc";
  static final String TOKEN = "client-token";
  private static final Clock CLOCK = Clock.system();
  private static final CaSettings SETTINGS = CaSettings.of(new TrustDomain("cluster.local"));

  private final CertificateAuthority authority;
  private final AdsServer server;

  /** Keeps nothing. */
  private static final class NoStore implements CaStore {
    @Override
    public Optional<CaEntries> load(String name) {
      return Optional.empty();
    }

    @Override
    public CaEntries createIfAbsent(String name, CaEntries entries) {
      return entries;
    }
  }

  BenchControlPlane(int services) throws IOException {
    authority = CertificateAuthority.obtain(new NoStore(), SETTINGS, CLOCK, new SecureRandom());
    ServingTls tls = new ServingTls(new ServingCertificate(() -> authority, List.of(NAME), CLOCK));
    CaMetrics metrics = new CaMetrics();
    server =
        new AdsServer(
            new AdsSettings(
                null,
                new InetSocketAddress("127.0.0.1", 0),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(30),
                2),
            new AdsServer.Security(
                TlsServerCredentials.newBuilder()
                    .keyManager(tls.keyManager())
                    .trustManager(tls.trustManager())
                    .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL)
                    .build(),
                new CallerInterceptor(
                    new MeshAuthenticator(
                        SETTINGS.trustDomain(),
                        cluster -> Optional.of(BenchControlPlane::review),
                        new TokenReviewCache(Duration.ofSeconds(30), CLOCK)),
                    metrics),
                CallerInterceptor::caller,
                List.of(new CertificateService(() -> authority, metrics, CLOCK))),
            new Translation(),
            new PrometheusRegistry(),
            CLOCK);
    server.start();
    SnapshotBuilder.Built built = Services.of(services);
    server.onSnapshot(built.snapshot(), built.delta());
  }

  private static TokenReview review(BearerToken token) {
    return token.secret().equals(TOKEN)
        ? new TokenReview.Accepted(Services.NAMESPACE, "client", Services.CLIENT)
        : new TokenReview.Rejected("it is not the client's");
  }

  String roots() {
    return Pem.of(authority.roots());
  }

  int port() {
    return server.ports().getFirst();
  }

  @Override
  public void close() {
    server.close();
  }
}
