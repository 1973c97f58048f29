package dev.weft.e2e;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks the control plane for configuration under a name of its choice: {@code WanProxy HOST TOKEN
 * CLUSTER NAMESPACE ACCOUNT}. Prints {@code CONNECTED}, or why not.
 */
final class WanProxy {
  private static final int XDS = 15012;

  private WanProxy() {}

  public static void main(String[] args) throws Exception {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + args[1]);
    headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), args[2]);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(args[0], XDS)
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build())
            .overrideAuthority("istiod.istio-system.svc")
            .build();
    CompletableFuture<String> answer = new CompletableFuture<>();
    StreamObserver<DeltaDiscoveryRequest> requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .deltaAggregatedResources(
                new StreamObserver<>() {
                  @Override
                  public void onNext(DeltaDiscoveryResponse response) {
                    answer.complete("CONNECTED " + response.getTypeUrl());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.complete("REFUSED " + Status.fromThrowable(failure));
                  }

                  @Override
                  public void onCompleted() {
                    answer.complete("REFUSED closed");
                  }
                });
    requests.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster")
            .setNode(
                Node.newBuilder()
                    .setId(
                        "sidecar~10.244.0.250~stranger."
                            + args[3]
                            + "~"
                            + args[3]
                            + ".svc.cluster.local")
                    .setMetadata(
                        Struct.newBuilder()
                            .putFields("CLUSTER_ID", text(args[2]))
                            .putFields("NAMESPACE", text(args[3]))
                            .putFields("SERVICE_ACCOUNT", text(args[4]))))
            .build());
    System.out.println(answer.get(60, TimeUnit.SECONDS));
    channel.shutdownNow();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
