package dev.weft.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weft.demand.Demands;
import dev.weft.runtime.Pem;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.Pki;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a change is put in force: with what it names, or when that does not come. */
class ConfigSessionTest {
  @TempDir Path directory;
  private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1);
  private final List<RuntimeConfig> published = new ArrayList<>();
  private final List<GrpcCall.Handler> streams = new ArrayList<>();
  private int responses;

  private static final String SHOP = "kubernetes://shop-cacert";

  private static final class Deaf implements Dialer.Stream {
    @Override
    public void send(byte[] message) {}

    @Override
    public void cancel(String reason) {}
  }

  @BeforeEach
  void begin() throws Exception {
    ConfigSession session =
        new ConfigSession(
            loop,
            handler -> {
              streams.add(handler);
              return new Deaf();
            },
            new byte[0],
            new ConfigJournal(directory),
            new Asker(Demands.none(), false, "default.svc.cluster.local"),
            new SplittableRandom(1),
            published::add);
    session.start();
    settle();
    onLoop(() -> streams.getFirst().opened());
  }

  @AfterEach
  void end() {
    loop.shutdownNow();
  }

  private void settle() throws Exception {
    onLoop(() -> {});
  }

  private void onLoop(Runnable task) throws Exception {
    loop.submit(task).get(60, TimeUnit.SECONDS);
  }

  private void told(XdsType type, Message... messages) throws Exception {
    DeltaDiscoveryResponse.Builder response =
        DeltaDiscoveryResponse.newBuilder().setTypeUrl(type.url()).setNonce("n" + responses++);
    for (Message message : messages) {
      String name =
          switch (message) {
            case Cluster cluster -> cluster.getName();
            case Secret secret -> secret.getName();
            default -> ((ClusterLoadAssignment) message).getClusterName();
          };
      response.addResources(
          Resource.newBuilder().setName(name).setVersion("1").setResource(Any.pack(message)));
    }
    byte[] bytes = response.build().toByteArray();
    onLoop(() -> streams.getFirst().message(bytes));
  }

  private static Cluster cluster(String name) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder()
                .setEdsConfig(
                    ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance())))
        .build();
  }

  private static ClusterLoadAssignment endpoints(String name) {
    return ClusterLoadAssignment.newBuilder().setClusterName(name).build();
  }

  /** How many timers are set. */
  private long timers() throws Exception {
    settle();
    return loop.getQueue().stream().filter(t -> t instanceof Future<?> f && !f.isDone()).count();
  }

  @Test
  void change_waits_for_the_endpoints_that_it_names() throws Exception {
    told(XdsType.CLUSTER, cluster("one"));
    told(XdsType.LISTENER);
    assertThat(published).isEmpty();
    told(XdsType.ENDPOINT, endpoints("one"));
    assertThat(published).hasSize(1);
    told(XdsType.CLUSTER, cluster("two"));
    assertThat(published).hasSize(1);
    told(XdsType.ENDPOINT, endpoints("two"));
    assertThat(published).hasSize(2);
    assertThat(published.getLast().clusters()).containsKeys("one", "two");
  }

  @Test
  void waiting_that_is_over_does_not_end_the_waiting_of_a_later_change() throws Exception {
    told(XdsType.CLUSTER, cluster("one"));
    told(XdsType.LISTENER);
    assertThat(timers()).isEqualTo(1);
    told(XdsType.ENDPOINT, endpoints("one"));
    assertThat(timers()).isZero();
    told(XdsType.CLUSTER, cluster("two"));
    assertThat(timers()).isEqualTo(1);
  }

  @Test
  void a_secret_that_a_new_control_plane_does_not_know_yet_stays_until_nothing_names_it()
      throws Exception {
    told(XdsType.CLUSTER, withRoots("one", SHOP));
    told(XdsType.LISTENER);
    told(XdsType.ENDPOINT, endpoints("one"));
    told(XdsType.SECRET, secret(SHOP));
    assertThat(published.getLast().secrets()).containsOnlyKeys(SHOP);

    gone(XdsType.SECRET, SHOP);
    assertThat(published.getLast().secrets()).containsOnlyKeys(SHOP);

    told(XdsType.CLUSTER, cluster("one"));
    assertThat(published.getLast().secrets()).isEmpty();
  }

  private void gone(XdsType type, String name) throws Exception {
    byte[] bytes =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(type.url())
            .setNonce("n" + responses++)
            .addRemovedResources(name)
            .build()
            .toByteArray();
    onLoop(() -> streams.getFirst().message(bytes));
  }

  private static Secret secret(String name) throws Exception {
    String root = Pem.encode("CERTIFICATE", new Pki().root().getEncoded());
    return Secret.newBuilder()
        .setName(name)
        .setValidationContext(
            CertificateValidationContext.newBuilder()
                .setTrustedCa(DataSource.newBuilder().setInlineString(root)))
        .build();
  }

  /** A cluster whose servers are verified with a secret. */
  private static Cluster withRoots(String name, String secret) {
    UpstreamTlsContext tls =
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setValidationContextSdsSecretConfig(
                        SdsSecretConfig.newBuilder().setName(secret)))
            .build();
    return cluster(name).toBuilder()
        .setTransportSocket(
            TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(tls)))
        .build();
  }
}
