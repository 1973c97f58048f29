package dev.weft.proxy.xds;

import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import io.netty.channel.EventLoop;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dials the control plane: with the workload's certificate where there is one, else with the
 * service account's token, and with the token, too, after a server did not accept the certificate.
 * Confined to one loop.
 */
public final class ControlPlaneDialer implements Dialer {
  /** The call by which configuration comes. */
  public static final String CONFIGURATION =
      "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

  /** The call by which metrics go. */
  public static final String METRICS = "/envoy.service.metrics.v3.MetricsService/StreamMetrics";

  private final EventLoop loop;
  private final String path;
  private final GrpcTarget target;
  private final IdentitySource identities;
  private final ServerTrust trust;
  private final Credentials credentials;
  private boolean refused;

  /**
   * A dialer that calls on a loop.
   *
   * @param path of the call: {@link #CONFIGURATION} or {@link #METRICS}
   */
  public ControlPlaneDialer(
      EventLoop loop,
      String path,
      GrpcTarget target,
      IdentitySource identities,
      ServerTrust trust,
      Credentials credentials) {
    this.loop = loop;
    this.path = path;
    this.target = target;
    this.identities = identities;
    this.trust = trust;
    this.credentials = credentials;
  }

  @Override
  public Stream dial(GrpcCall.Handler handler) {
    WorkloadIdentity identity = identities.current();
    boolean byCertificate = identity != null && target.tls() && !refused;
    GrpcCall.Handler watching =
        new GrpcCall.Handler() {
          @Override
          public void opened() {
            handler.opened();
          }

          @Override
          public void message(byte[] message) {
            refused = false;
            handler.message(message);
          }

          @Override
          public void closed(GrpcStatus status) {
            refused = byCertificate && status.isRefusal();
            handler.closed(status);
          }
        };
    try {
      return call(watching, byCertificate ? identity : null);
    } catch (TrustException e) {
      loop.execute(() -> handler.closed(GrpcStatus.unavailable(String.valueOf(e.getMessage()))));
      return NOTHING;
    }
  }

  private Stream call(GrpcCall.Handler handler, @Nullable WorkloadIdentity identity)
      throws TrustException {
    Map<String, String> metadata = credentials.metadata(identity == null);
    GrpcCall call =
        new GrpcCall(
            loop,
            target,
            target.tls() ? trust.client(target.serverName(), identity) : null,
            path,
            metadata,
            handler);
    call.start();
    return new Stream() {
      @Override
      public void send(byte[] message) {
        call.send(message);
      }

      @Override
      public void cancel(String reason) {
        call.cancel(reason);
      }
    };
  }

  private static final Stream NOTHING =
      new Stream() {
        @Override
        public void send(byte[] message) {}

        @Override
        public void cancel(String reason) {}
      };
}
