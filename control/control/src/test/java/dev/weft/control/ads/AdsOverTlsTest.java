package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.BearerToken;
import dev.weft.ca.CaMetrics;
import dev.weft.ca.CaSettings;
import dev.weft.ca.CallerInterceptor;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.MeshAuthenticator;
import dev.weft.ca.Pem;
import dev.weft.ca.ServingCertificate;
import dev.weft.ca.ServingTls;
import dev.weft.ca.TokenReview;
import dev.weft.ca.TokenReviewCache;
import dev.weft.control.NothingKept;
import dev.weft.loop.Clock;
import dev.weft.translate.Translation;
import dev.weft.types.TrustDomain;
import dev.weft.xds.XdsType;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The TLS port with the mesh's own authority and tokens that an API server reviews. */
class AdsOverTlsTest {
  private static final Clock CLOCK = Clock.system();
  private static final CaSettings SETTINGS = CaSettings.of(new TrustDomain("cluster.local"));

  private AdsServer server;
  private CertificateAuthority authority;

  private static TokenReview review(BearerToken token) {
    return token.secret().equals("httpbin-token")
        ? new TokenReview.Accepted("default", "httpbin", "httpbin-1")
        : new TokenReview.Rejected("the signature is not valid");
  }

  AdsOverTlsTest() throws IOException {
    authority = CertificateAuthority.obtain(new NothingKept(), SETTINGS, CLOCK, new SecureRandom());
    ServingTls tls =
        new ServingTls(
            new ServingCertificate(() -> authority, List.of("istiod.istio-system.svc"), CLOCK));
    server =
        new AdsServer(
            new AdsSettings(
                null,
                new InetSocketAddress("127.0.0.1", 0),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(30),
                1),
            new AdsServer.Security(
                TlsServerCredentials.newBuilder()
                    .keyManager(tls.keyManager())
                    .trustManager(tls.trustManager())
                    .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL)
                    .build(),
                new CallerInterceptor(
                    new MeshAuthenticator(
                        SETTINGS.trustDomain(),
                        cluster ->
                            cluster.equals(AdsMesh.CLUSTER)
                                ? Optional.of(AdsOverTlsTest::review)
                                : Optional.empty(),
                        new TokenReviewCache(Duration.ofSeconds(30), CLOCK)),
                    new CaMetrics()),
                CallerInterceptor::caller,
                List.of()),
            new Translation(),
            new PrometheusRegistry(),
            CLOCK);
  }

  @BeforeEach
  void start() throws IOException {
    server.start();
    new AdsMesh().service("httpbin", 8000).pod("httpbin", "10.0.0.1").publishTo(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private XdsPeer with(String token, String cluster) throws IOException {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), cluster);
    return new XdsPeer(
        server.ports().getFirst(),
        TlsChannelCredentials.newBuilder()
            .trustManager(
                new ByteArrayInputStream(
                    Pem.of(authority.roots()).getBytes(StandardCharsets.UTF_8)))
            .build(),
        headers,
        "istiod.istio-system.svc");
  }

  @Test
  void pod_with_its_own_token_is_served() throws Exception {
    try (XdsPeer peer = with("httpbin-token", "cluster1")) {
      peer.introduce(XdsPeer.node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(peer.take().getResourcesCount()).isPositive();
    }
  }

  @Test
  void forged_token_is_refused_with_a_reason_and_without_the_token() throws Exception {
    try (XdsPeer peer = with("forged-token", "cluster1")) {
      peer.introduce(XdsPeer.node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      Status end = peer.end();
      assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(end.getDescription())
          .contains("signature is not valid")
          .doesNotContain("forged-token");
    }
  }

  @Test
  void token_of_an_unknown_cluster_is_refused() throws Exception {
    try (XdsPeer peer = with("httpbin-token", "elsewhere")) {
      peer.introduce(XdsPeer.node("httpbin-1", "elsewhere", "httpbin"), XdsType.CLUSTER);
      assertThat(peer.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void other_identity_than_the_tokens_is_denied() throws Exception {
    try (XdsPeer peer = with("httpbin-token", "cluster1")) {
      peer.introduce(XdsPeer.node("cart-1", "cluster1", "cart"), XdsType.CLUSTER);
      Status end = peer.end();
      assertThat(end.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(end.getDescription()).contains("SERVICE_ACCOUNT is 'cart'");
    }
  }
}
