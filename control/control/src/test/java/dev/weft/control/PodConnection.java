package dev.weft.control;

import static dev.weft.control.LoopbackMesh.settle;

import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A pod of cluster1 that talks to a control plane with what it has in the pod, no more. */
final class PodConnection implements AutoCloseable {
  static final String ROOTS = "/api/v1/namespaces/default/configmaps/istio-ca-root-cert";

  private final LoopbackMesh world;
  private final ManagedChannel channel;

  PodConnection(LoopbackMesh world, ControlPlane plane) throws Exception {
    this.world = world;
    List<Integer> ports = settle(plane::xdsPorts, p -> p.size() == 2);
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1",
                ports.get(1),
                TlsChannelCredentials.newBuilder()
                    .trustManager(
                        new ByteArrayInputStream(roots(world).getBytes(StandardCharsets.UTF_8)))
                    .build())
            .overrideAuthority("istiod.istio-system.svc")
            .build();
  }

  /** As every namespace of a member cluster has them. */
  static String roots(LoopbackMesh world) throws Exception {
    Map<?, ?> map = settle(() -> world.api1.get(ROOTS), Optional::isPresent).orElseThrow();
    return map.get("data") instanceof Map<?, ?> data
        ? String.valueOf(data.get("root-cert.pem"))
        : "no data";
  }

  ManagedChannel channel() {
    return channel;
  }

  /** A token of cluster1, for what is said to be its cluster. */
  ClientInterceptor credentials(String cluster) {
    String token =
        world.cluster1.serviceAccountToken(
            "default", "default", List.of("istio-ca"), Duration.ofHours(1), Optional.empty());
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), cluster);
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** The first answer to a subscription of the pod sleep-1, and the stream that it came on. */
  Answer ask(XdsType type, String... names) throws InterruptedException {
    BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
    StreamObserver<DeltaDiscoveryRequest> requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel)
            .withInterceptors(credentials("cluster1"))
            .deltaAggregatedResources(
                new StreamObserver<>() {
                  @Override
                  public void onNext(DeltaDiscoveryResponse response) {
                    responses.add(response);
                  }

                  @Override
                  public void onError(Throwable cause) {}

                  @Override
                  public void onCompleted() {}
                });
    Node.Builder node =
        Node.newBuilder().setId("sidecar~10.244.0.7~sleep-1.default~default.svc.cluster.local");
    node.getMetadataBuilder()
        .putFields("CLUSTER_ID", Value.newBuilder().setStringValue("cluster1").build())
        .putFields("ISTIO_VERSION", Value.newBuilder().setStringValue("1.29.0").build());
    requests.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(node)
            .setTypeUrl(type.url())
            .addAllResourceNamesSubscribe(List.of(names))
            .build());
    return new Answer(next(responses), requests, responses);
  }

  private static DeltaDiscoveryResponse next(BlockingQueue<DeltaDiscoveryResponse> responses)
      throws InterruptedException {
    return Objects.requireNonNull(responses.poll(60, TimeUnit.SECONDS), "no answer");
  }

  /** An answer on a stream that is still open. */
  record Answer(
      DeltaDiscoveryResponse response,
      StreamObserver<DeltaDiscoveryRequest> stream,
      BlockingQueue<DeltaDiscoveryResponse> more)
      implements AutoCloseable {
    /** What follows on the stream. */
    Answer next() throws InterruptedException {
      return new Answer(PodConnection.next(more), stream, more);
    }

    void accept() {
      stream.onNext(confirmation().build());
    }

    void refuse(String message) {
      stream.onNext(
          confirmation()
              .setErrorDetail(Status.newBuilder().setCode(13).setMessage(message))
              .build());
    }

    private DeltaDiscoveryRequest.Builder confirmation() {
      return DeltaDiscoveryRequest.newBuilder()
          .setTypeUrl(response.getTypeUrl())
          .setResponseNonce(response.getNonce());
    }

    @Override
    public void close() {
      stream.onCompleted();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
