package dev.weft.control;

import static dev.weft.control.LoopbackMesh.settle;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks a control plane as istioctl does: over TLS whose certificate it does not look at, with a
 * token, without a cluster, as a node that says one namespace in its id and another one beside it.
 * Istio: istioctl/pkg/xds/client.go, pkg/adsc.
 */
final class IstioctlPeer implements AutoCloseable {
  private final ManagedChannel channel;
  private final StreamObserver<DiscoveryRequest> requests;
  private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final Map<String, String> metadata =
      new TreeMap<>(
          Map.of(
              "GENERATOR", "event",
              "SERVICE_ACCOUNT", "default",
              "NAMESPACE", "istio-system",
              "ISTIO_VERSION", "65536.65536.65536"));
  private boolean introduced;

  IstioctlPeer(ControlPlane plane, String token) throws Exception {
    List<Integer> ports = settle(plane::xdsPorts, p -> p.size() == 2);
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1",
                ports.get(1),
                TlsChannelCredentials.newBuilder()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE.getTrustManagers())
                    .build())
            .overrideAuthority("istiod.istio-system.svc")
            .build();
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .streamAggregatedResources(
                new StreamObserver<>() {
                  @Override
                  public void onNext(DiscoveryResponse response) {
                    answers.add(response);
                  }

                  @Override
                  public void onError(Throwable cause) {
                    answers.add(Status.fromThrowable(cause));
                  }

                  @Override
                  public void onCompleted() {
                    answers.add(Status.OK);
                  }
                });
  }

  /** Claims to be a proxy. */
  IstioctlPeer asProxyOf(String cluster) {
    metadata.put("CLUSTER_ID", cluster);
    metadata.put("NAMESPACE", "default");
    return this;
  }

  private Node node() {
    Struct.Builder said = Struct.newBuilder();
    metadata.forEach(
        (key, value) -> said.putFields(key, Value.newBuilder().setStringValue(value).build()));
    return Node.newBuilder()
        .setId("sidecar~192.0.2.7~test-1.default~default.svc.cluster.local")
        .setMetadata(said)
        .build();
  }

  private void send(String type, String... names) {
    DiscoveryRequest.Builder request =
        DiscoveryRequest.newBuilder()
            .setTypeUrl(type)
            .addAllResourceNames(List.of(names))
            .setResponseNonce("2025-01-01 00:00:00 +0000 UTC");
    if (!introduced) {
      request.setNode(node());
      introduced = true;
    }
    requests.onNext(request.build());
  }

  private Object answer() throws InterruptedException {
    return Objects.requireNonNull(answers.poll(60, TimeUnit.SECONDS), "no answer");
  }

  /** The answer, confirmed as istioctl confirms it. */
  DiscoveryResponse ask(String type, String... names) throws InterruptedException {
    send(type, names);
    if (answer() instanceof DiscoveryResponse response) {
      requests.onNext(
          DiscoveryRequest.newBuilder()
              .setTypeUrl(type)
              .setResponseNonce(response.getNonce())
              .build());
      return response;
    }
    throw new AssertionError("the stream ended");
  }

  /** The text that a debug page is. */
  String page(String name) throws InterruptedException {
    DiscoveryResponse response = ask("istio.io/debug", name);
    return response.getResources(0).getValue().toStringUtf8();
  }

  /** How the stream ends upon the question. */
  Status refusal(String type, String... names) throws InterruptedException {
    send(type, names);
    return answer() instanceof Status status ? status : Status.OK;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
