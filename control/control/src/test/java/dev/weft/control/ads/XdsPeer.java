package dev.weft.control.ads;

import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Attributes;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy as the discovery server sees it, driven step by step. */
final class XdsPeer implements AutoCloseable {
  private final ManagedChannel channel;
  private final Metadata headers;
  private final boolean reads;
  private StreamObserver<DeltaDiscoveryRequest> requests;
  private final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
  private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();

  XdsPeer(int port) {
    this(port, InsecureChannelCredentials.create(), new Metadata(), null);
  }

  XdsPeer(int port, ChannelCredentials credentials, Metadata headers, @Nullable String authority) {
    this(channel(port, credentials, authority), headers);
  }

  /** In plaintext, from an address that is none of the server's own pod. */
  static XdsPeer elsewhere(int port, Metadata headers) {
    return new XdsPeer(
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .localSocketPicker(
                new NettyChannelBuilder.LocalSocketPicker() {
                  @Override
                  public SocketAddress createSocketAddress(
                      SocketAddress remote, Attributes attributes) {
                    return new InetSocketAddress("127.0.0.6", 0);
                  }
                })
            .build(),
        headers);
  }

  private static ManagedChannel channel(
      int port, ChannelCredentials credentials, @Nullable String authority) {
    var builder = Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials);
    if (authority != null) {
      builder.overrideAuthority(authority);
    }
    return builder.build();
  }

  private XdsPeer(ManagedChannel opened, Metadata headers) {
    this(opened, headers, true);
  }

  private XdsPeer(ManagedChannel opened, Metadata headers, boolean reads) {
    channel = opened;
    this.headers = headers;
    this.reads = reads;
    requests = open();
  }

  /** Another stream of the same channel. */
  void again() {
    requests = open();
  }

  private StreamObserver<DeltaDiscoveryRequest> open() {
    return AggregatedDiscoveryServiceGrpc.newStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .deltaAggregatedResources(
            new ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse>() {
              @Override
              public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> call) {
                if (!reads) {
                  call.disableAutoRequestWithInitial(0);
                }
              }

              @Override
              public void onNext(DeltaDiscoveryResponse response) {
                responses.add(response);
              }

              @Override
              public void onError(Throwable cause) {
                ends.add(Status.fromThrowable(cause));
              }

              @Override
              public void onCompleted() {
                ends.add(Status.OK);
              }
            });
  }

  /** One that takes nothing of what it is sent. */
  static XdsPeer unreading(int port) {
    return new XdsPeer(
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .flowControlWindow(1 << 16)
            .build(),
        new Metadata(),
        false);
  }

  static Node node(String pod, String cluster, String serviceAccount) {
    Node.Builder node =
        Node.newBuilder()
            .setId("sidecar~10.0.0.1~" + pod + ".default~default.svc.cluster.local")
            .setUserAgentName("weft");
    node.getMetadataBuilder()
        .putFields("CLUSTER_ID", text(cluster))
        .putFields("SERVICE_ACCOUNT", text(serviceAccount));
    return node.build();
  }

  private static com.google.protobuf.Value text(String value) {
    return com.google.protobuf.Value.newBuilder().setStringValue(value).build();
  }

  void introduce(Node node, XdsType type, String... names) {
    requests.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(node)
            .setTypeUrl(type.url())
            .addAllResourceNamesSubscribe(List.of(names))
            .build());
  }

  void send(DeltaDiscoveryRequest.Builder request) {
    requests.onNext(request.build());
  }

  void ask(XdsType type, String... names) {
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type.url())
            .addAllResourceNamesSubscribe(List.of(names)));
  }

  /** The next response, confirmed. */
  DeltaDiscoveryResponse take() throws InterruptedException {
    DeltaDiscoveryResponse response = takeWithoutConfirming();
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .setResponseNonce(response.getNonce()));
    return response;
  }

  DeltaDiscoveryResponse takeWithoutConfirming() throws InterruptedException {
    DeltaDiscoveryResponse response = responses.poll(60, TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("no response came; the stream ended with " + ends.peek());
    }
    return response;
  }

  Status end() throws InterruptedException {
    Status status = ends.poll(60, TimeUnit.SECONDS);
    if (status == null) {
      throw new AssertionError("the stream did not end");
    }
    return status;
  }

  boolean heardNothing() {
    return responses.isEmpty() && ends.isEmpty();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
