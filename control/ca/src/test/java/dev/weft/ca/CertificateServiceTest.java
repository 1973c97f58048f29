package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateResponse;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertificateServiceTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final CaSettings SETTINGS = CaSettings.of(new TrustDomain("cluster.local"));
  private static final ClusterId CLUSTER1 = new ClusterId("cluster1");
  private static final ClusterId LOST = new ClusterId("cluster2");
  private static final KeyPair KEYS = Certificates.ec("secp256r1");

  private final AtomicInteger reviews = new AtomicInteger();
  private final CaMetrics metrics = new CaMetrics();
  private final IssuedCertificates issued = new IssuedCertificates(CLOCK);
  private CertificateAuthority authority;
  private ServingCertificate serving;
  private ExecutorService executor;
  private Server server;

  private TokenReview review(BearerToken token) {
    reviews.incrementAndGet();
    return token.secret().equals("sleep-token")
        ? new TokenReview.Accepted("default", "sleep", "sleep-1")
        : new TokenReview.Rejected("the token is not known");
  }

  private Optional<TokenReviewer> reviewer(ClusterId cluster) {
    if (cluster.equals(CLUSTER1)) {
      return Optional.of(this::review);
    }
    return cluster.equals(LOST)
        ? Optional.of(_ -> new TokenReview.Unanswered("connection refused"))
        : Optional.empty();
  }

  @BeforeEach
  void start() throws IOException {
    authority =
        CertificateAuthority.obtain(
            new Certificates.MemoryStore(), SETTINGS, CLOCK, new SecureRandom());
    serving =
        new ServingCertificate(
            () -> authority, List.of("istiod.istio-system.svc", "127.0.0.1"), CLOCK);
    ServingTls tls = new ServingTls(serving);
    executor = Executors.newVirtualThreadPerTaskExecutor();
    Authenticator authenticator =
        new MeshAuthenticator(
            SETTINGS.trustDomain(),
            this::reviewer,
            new TokenReviewCache(Duration.ofSeconds(30), CLOCK));
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress("127.0.0.1", 0),
                TlsServerCredentials.newBuilder()
                    .keyManager(tls.keyManager())
                    .trustManager(tls.trustManager())
                    .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL)
                    .build())
            .executor(executor)
            .addService(
                ServerInterceptors.intercept(
                    new CertificateService(
                        () -> authority, metrics, new RateBound(0.001, 5, CLOCK), issued),
                    new CallerInterceptor(authenticator, metrics)))
            .build()
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    executor.shutdownNow();
  }

  private static ByteArrayInputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
  }

  private IstioCertificateResponse call(
      ChannelCredentials credentials, Map<String, String> headers, IstioCertificateRequest request)
      throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress("127.0.0.1", server.getPort()), credentials)
            .overrideAuthority("istiod.istio-system.svc")
            .build();
    try {
      Metadata metadata = new Metadata();
      headers.forEach(
          (k, v) -> metadata.put(Metadata.Key.of(k, Metadata.ASCII_STRING_MARSHALLER), v));
      return IstioCertificateServiceGrpc.newBlockingStub(channel)
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .createCertificate(request);
    } finally {
      channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    }
  }

  private ChannelCredentials anonymous() throws IOException {
    return TlsChannelCredentials.newBuilder()
        .trustManager(stream(Pem.of(authority.roots())))
        .build();
  }

  private ChannelCredentials client(CertificateAuthority ca, String spiffe) throws IOException {
    return client(ca, spiffe, CLUSTER1);
  }

  private ChannelCredentials client(CertificateAuthority ca, String spiffe, ClusterId cluster)
      throws IOException {
    List<X509Certificate> chain =
        ca.sign(
            CertificateRequest.parse(Certificates.csr(KEYS)),
            new Caller(SpiffeId.parse(spiffe).orElseThrow(), cluster),
            Duration.ofMinutes(5));
    return TlsChannelCredentials.newBuilder()
        .trustManager(stream(Pem.of(authority.roots())))
        .keyManager(stream(Pem.of(chain)), stream(Pem.of(KEYS.getPrivate())))
        .build();
  }

  private static IstioCertificateRequest csr() {
    return IstioCertificateRequest.newBuilder().setCsr(Certificates.csr(KEYS)).build();
  }

  private Status refusal(
      ChannelCredentials credentials,
      Map<String, String> headers,
      IstioCertificateRequest request) {
    return catchThrowableOfType(
            StatusRuntimeException.class, () -> call(credentials, headers, request))
        .getStatus();
  }

  private static String identity(IstioCertificateResponse response) throws Exception {
    X509Certificate leaf =
        Pem.certificates("the first certificate", response.getCertChain(0)).getFirst();
    return String.valueOf(leaf.getSubjectAlternativeNames().iterator().next().get(1));
  }

  @Test
  void a_reviewed_token_gets_a_certificate_of_its_own_identity() throws Exception {
    IstioCertificateResponse response =
        call(
            anonymous(),
            Map.of("authorization", "Bearer sleep-token", "clusterid", "cluster1"),
            csr());
    assertThat(identity(response)).isEqualTo("spiffe://cluster.local/ns/default/sa/sleep");
    assertThat(response.getCertChainList()).hasSize(2);
    assertThat(Pem.certificates("root", response.getCertChain(1))).isEqualTo(authority.roots());
    assertThat(metrics.read())
        .containsEntry("citadel_server_csr_count", 1L)
        .containsEntry("citadel_server_success_cert_issuance_count", 1L);
    assertThat(issued.valid())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.cluster()).isEqualTo(CLUSTER1);
              assertThat(each.certificate().identity()).isEqualTo(identity(response));
              assertThat(each.certificate().algorithm()).isEqualTo("EC 256");
            });
  }

  @Test
  void a_token_is_reviewed_once_in_a_while() throws Exception {
    Map<String, String> headers =
        Map.of("authorization", "Bearer sleep-token", "clusterid", "cluster1");
    call(anonymous(), headers, csr());
    call(anonymous(), headers, csr());
    assertThat(reviews).hasValue(1);
  }

  @Test
  void a_forged_token_is_refused() throws Exception {
    Status status =
        refusal(
            anonymous(), Map.of("authorization", "Bearer forged", "clusterid", "cluster1"), csr());
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(status.getDescription())
        .contains("cluster 'cluster1' does not accept the token")
        .doesNotContain("forged");
    assertThat(metrics.read()).containsEntry("citadel_server_authentication_failure_count", 1L);
  }

  @Test
  void no_credentials_and_unknown_clusters_are_refused_by_name() throws Exception {
    assertThat(refusal(anonymous(), Map.of("clusterid", "cluster1"), csr()).getDescription())
        .contains("neither a client certificate");
    assertThat(
            refusal(anonymous(), Map.of("authorization", "Bearer sleep-token"), csr())
                .getDescription())
        .contains("'clusterid' is missing");
    Status unknown =
        refusal(
            anonymous(),
            Map.of("authorization", "Bearer sleep-token", "clusterid", "elsewhere"),
            csr());
    assertThat(unknown.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(unknown.getDescription()).contains("cluster 'elsewhere' is not a member");
  }

  @Test
  void a_lost_cluster_makes_tokens_unavailable_while_renewal_by_certificate_goes_on()
      throws Exception {
    Map<String, String> headers =
        Map.of("authorization", "Bearer sleep-token", "clusterid", "cluster2");
    Status lost = refusal(anonymous(), headers, csr());
    assertThat(lost.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(lost.getDescription()).contains("API server of cluster 'cluster2'");

    IstioCertificateResponse renewed =
        call(
            client(authority, "spiffe://cluster.local/ns/default/sa/httpbin", LOST),
            headers,
            csr());
    assertThat(identity(renewed)).isEqualTo("spiffe://cluster.local/ns/default/sa/httpbin");
  }

  @Test
  void a_certificate_of_another_root_does_not_get_through_the_handshake() throws Exception {
    CertificateAuthority foreign =
        CertificateAuthority.obtain(
            new Certificates.MemoryStore(), SETTINGS, CLOCK, new SecureRandom());
    Status status =
        refusal(
            client(foreign, "spiffe://cluster.local/ns/default/sa/httpbin"),
            Map.of("clusterid", "cluster1"),
            csr());
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(metrics.read()).containsEntry("citadel_server_csr_count", 0L);
  }

  @Test
  void a_certificate_of_one_cluster_claims_no_other() throws Exception {
    String httpbin = "spiffe://cluster.local/ns/default/sa/httpbin";
    Status status =
        refusal(
            client(authority, httpbin, CLUSTER1),
            Map.of("clusterid", "cluster2", "authorization", "Bearer sleep-token"),
            csr());
    // The token is asked about where the header says, and that cluster knows nothing of it.
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    Status alone =
        refusal(client(authority, httpbin, CLUSTER1), Map.of("clusterid", "cluster2"), csr());
    assertThat(alone.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(alone.getDescription())
        .contains("names cluster 'cluster2'", "issued to cluster 'cluster1'");
    IstioCertificateResponse renewed =
        call(client(authority, httpbin, CLUSTER1), Map.of("clusterid", "cluster1"), csr());
    assertThat(
            ClusterStamp.of(
                Pem.certificates("the renewed one", renewed.getCertChain(0)).getFirst()))
        .contains(CLUSTER1);
  }

  @Test
  void a_certificate_that_names_no_cluster_needs_a_token_beside_it() throws Exception {
    // One of the mesh's own servers: signed by the right root, but issued to no workload.
    CertifiedKey served = authority.serve(List.of("sleep.default.svc"));
    ChannelCredentials unstamped =
        TlsChannelCredentials.newBuilder()
            .trustManager(stream(Pem.of(authority.roots())))
            .keyManager(stream(Pem.of(served.chain())), stream(Pem.of(served.key())))
            .build();
    assertThat(refusal(unstamped, Map.of("clusterid", "cluster1"), csr()).getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    IstioCertificateResponse response =
        call(
            unstamped,
            Map.of("clusterid", "cluster1", "authorization", "Bearer sleep-token"),
            csr());
    assertThat(identity(response)).isEqualTo("spiffe://cluster.local/ns/default/sa/sleep");
  }

  @Test
  void another_trust_domain_is_refused() throws Exception {
    Status status =
        refusal(
            client(authority, "spiffe://other.test/ns/default/sa/httpbin"),
            Map.of("clusterid", "cluster1"),
            csr());
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(status.getDescription()).contains("trust domain 'other.test'");
  }

  @Test
  void impersonation_is_denied_and_a_bad_request_is_the_callers_mistake() throws Exception {
    Map<String, String> headers =
        Map.of("authorization", "Bearer sleep-token", "clusterid", "cluster1");
    Status denied =
        refusal(
            anonymous(),
            headers,
            csr().toBuilder()
                .setMetadata(
                    Struct.newBuilder()
                        .putFields(
                            "ImpersonatedIdentity",
                            Value.newBuilder()
                                .setStringValue("spiffe://cluster.local/ns/default/sa/admin")
                                .build()))
                .build());
    assertThat(denied.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(denied.getDescription()).contains("sa/admin");

    Status garbage =
        refusal(
            anonymous(), headers, IstioCertificateRequest.newBuilder().setCsr("garbage").build());
    assertThat(garbage.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void a_caller_that_asks_too_often_is_bounded() throws Exception {
    Map<String, String> headers =
        Map.of("authorization", "Bearer sleep-token", "clusterid", "cluster1");
    for (int i = 0; i < 5; i++) {
      call(anonymous(), headers, csr());
    }
    assertThat(refusal(anonymous(), headers, csr()).getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }
}
