package dev.weft.ca;

import com.google.protobuf.Value;
import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateResponse;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code istio.v1.auth.IstioCertificateService}: certificates for those whom a {@link
 * CallerInterceptor} has authenticated. Istio: security/pkg/server/ca/server.go.
 */
public final class CertificateService
    extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateService.class);

  // All pods of one service account are one caller: a Deployment of some hundred may start at once.
  private static final double REQUESTS_PER_SECOND = 50;
  private static final double BURST = 500;

  private final Supplier<CertificateAuthority> authority;
  private final CaMetrics metrics;
  private final RateBound rate;
  private final IssuedCertificates issued;

  /**
   * @param authority the CA of the moment
   */
  public CertificateService(
      Supplier<CertificateAuthority> authority, CaMetrics metrics, InstantSource clock) {
    this(
        authority,
        metrics,
        new RateBound(REQUESTS_PER_SECOND, BURST, clock),
        new IssuedCertificates(clock));
  }

  CertificateService(
      Supplier<CertificateAuthority> authority,
      CaMetrics metrics,
      RateBound rate,
      IssuedCertificates issued) {
    this.issued = issued;
    this.authority = authority;
    this.metrics = metrics;
    this.rate = rate;
    rootsChanged(authority.get());
  }

  /** What this service has issued. */
  public IssuedCertificates issued() {
    return issued;
  }

  /** Other roots are in force. */
  public void rootsChanged(CertificateAuthority now) {
    metrics.rootExpires(
        now.roots().stream()
            .mapToLong(r -> r.getNotAfter().toInstant().getEpochSecond())
            .min()
            .orElse(0));
  }

  @Override
  public void createCertificate(
      IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> answer) {
    metrics.requested();
    Optional<Caller> caller = CallerInterceptor.caller();
    if (caller.isEmpty()) {
      metrics.authenticationFailed();
      answer.onError(
          Status.UNAUTHENTICATED
              .withDescription("certificates are issued over TLS to authenticated callers alone")
              .asRuntimeException());
      return;
    }
    @Nullable Status refusal = refusal(request, caller.get());
    if (refusal != null) {
      LOG.warn("certificate for {} refused: {}", caller.get(), refusal.getDescription());
      answer.onError(refusal.asRuntimeException());
      return;
    }
    sign(request, caller.get(), answer);
  }

  private @Nullable Status refusal(IstioCertificateRequest request, Caller caller) {
    String impersonated = metadata(request, "ImpersonatedIdentity");
    if (!impersonated.isEmpty() && !impersonated.equals(caller.identity().uri())) {
      metrics.authenticationFailed();
      return Status.PERMISSION_DENIED.withDescription(
          caller + " may not ask for a certificate of '" + impersonated + "'");
    }
    String signer = metadata(request, "CertSigner");
    if (!signer.isEmpty()) {
      return Status.INVALID_ARGUMENT.withDescription(
          "the metadata field 'CertSigner' names '"
              + signer
              + "', but this mesh has no signer of its own names: leave it out");
    }
    if (!rate.admit(caller)) {
      metrics.throttled();
      return Status.RESOURCE_EXHAUSTED.withDescription(
          caller + " asks for too many certificates; try again in a second");
    }
    return null;
  }

  private void sign(
      IstioCertificateRequest request,
      Caller caller,
      StreamObserver<IstioCertificateResponse> answer) {
    CertificateAuthority ca = authority.get();
    List<X509Certificate> chain;
    try {
      chain =
          ca.sign(
              CertificateRequest.parse(request.getCsr()),
              caller,
              Duration.ofSeconds(request.getValidityDuration()));
    } catch (IllegalArgumentException e) {
      metrics.requestUnreadable();
      LOG.warn("certificate for {} refused: {}", caller, e.getMessage());
      answer.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      return;
    } catch (RuntimeException e) {
      metrics.signingFailed();
      LOG.error("certificate for {} could not be signed", caller, e);
      answer.onError(
          Status.INTERNAL.withDescription("the certificate could not be signed").asException());
      return;
    }
    metrics.issued();
    issued.add(caller, chain.getFirst());
    LOG.info(
        "certificate for {} issued, valid to {}",
        caller,
        chain.getFirst().getNotAfter().toInstant());
    IstioCertificateResponse.Builder response = IstioCertificateResponse.newBuilder();
    // Clients take the last entry as the mesh's trust bundle: all of the roots belong there.
    chain.stream()
        .filter(c -> !ca.roots().contains(c))
        .forEach(c -> response.addCertChain(Pem.of(c)));
    response.addCertChain(Pem.of(ca.roots()));
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private static String metadata(IstioCertificateRequest request, String name) {
    Value value = request.getMetadata().getFieldsMap().get(name);
    return value == null ? "" : value.getStringValue();
  }
}
