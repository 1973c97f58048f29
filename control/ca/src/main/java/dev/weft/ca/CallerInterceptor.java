package dev.weft.ca;

import dev.weft.types.SpiffeId;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates each gRPC call before its handler sees it, and puts the {@link Caller} into the
 * gRPC context: {@link #caller()} reads it. For the certificate service and for xDS over TLS.
 *
 * <p>Blocks on the call's executor while an API server is asked, so give the server an executor of
 * virtual threads.
 */
public final class CallerInterceptor implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(CallerInterceptor.class);
  private static final Context.Key<Authentication.Authenticated> AUTHENTICATED =
      Context.key("weft-caller");
  private static final Context.Key<SpiffeId> VISITOR = Context.key("weft-visitor");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> CLUSTER_ID =
      Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER);

  private final Authenticator authenticator;
  private final CaMetrics metrics;

  public CallerInterceptor(Authenticator authenticator, CaMetrics metrics) {
    this.authenticator = authenticator;
    this.metrics = metrics;
  }

  /** The caller of the current call; empty where no interceptor stood before it. */
  public static Optional<Caller> caller() {
    return authenticated().map(Authentication.Authenticated::caller);
  }

  /** The caller of the current call and how it was proven. */
  public static Optional<Authentication.Authenticated> authenticated() {
    return Optional.ofNullable(AUTHENTICATED.get());
  }

  /** Who makes the current call and is known to the config API alone: who may look. */
  public static Optional<SpiffeId> visitor() {
    return Optional.ofNullable(VISITOR.get());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return switch (authenticator.authenticate(credentials(call, headers))) {
      case Authentication.Authenticated a ->
          Contexts.interceptCall(
              Context.current().withValue(AUTHENTICATED, a), call, headers, next);
      case Authentication.Visiting(SpiffeId identity) ->
          Contexts.interceptCall(
              Context.current().withValue(VISITOR, identity), call, headers, next);
      case Authentication.Refused r -> refuse(call, Status.UNAUTHENTICATED, r.reason());
      case Authentication.Unavailable u -> refuse(call, Status.UNAVAILABLE, u.reason());
    };
  }

  private <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, Status status, String reason) {
    metrics.authenticationFailed();
    LOG.warn(
        "{} from {} refused: {}",
        call.getMethodDescriptor().getFullMethodName(),
        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
        reason);
    call.close(status.withDescription(reason), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static Credentials credentials(ServerCall<?, ?> call, Metadata headers) {
    String authorization = headers.get(AUTHORIZATION);
    String cluster = headers.get(CLUSTER_ID);
    return new Credentials(
        peerChain(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)),
        authorization == null ? null : BearerToken.ofHeader(authorization).orElse(null),
        cluster == null ? "" : cluster);
  }

  private static List<X509Certificate> peerChain(@Nullable SSLSession session) {
    if (session == null) {
      return List.of();
    }
    try {
      return Stream.of(session.getPeerCertificates())
          .filter((Certificate c) -> c instanceof X509Certificate)
          .map(c -> (X509Certificate) c)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      // Client certificates are optional: none was sent.
      return List.of();
    }
  }
}
