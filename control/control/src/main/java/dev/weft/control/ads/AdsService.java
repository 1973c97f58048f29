package dev.weft.control.ads;

import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamMessage;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens a connection for each stream. Thread-safe. */
final class AdsService implements BindableService {
  private static final MethodDescriptor<DeltaDiscoveryRequest, StreamMessage> DELTA =
      answered(AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod());
  private static final MethodDescriptor<DiscoveryRequest, StreamMessage> STATE_OF_THE_WORLD =
      answered(AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod());

  private final AdsCore core;
  private final Supplier<Peer> peerOfCall;
  private final Executor threads;
  private final Set<AdsConnection> connections = ConcurrentHashMap.newKeySet();

  AdsService(AdsCore core, Supplier<Peer> peerOfCall, Executor threads) {
    this.core = core;
    this.peerOfCall = peerOfCall;
    this.threads = threads;
  }

  List<AdsConnection> connections() {
    return List.copyOf(connections);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(AggregatedDiscoveryServiceGrpc.SERVICE_NAME)
        .addMethod(DELTA, ServerCalls.asyncBidiStreamingCall(this::delta))
        .addMethod(STATE_OF_THE_WORLD, ServerCalls.asyncBidiStreamingCall(this::stateOfTheWorld))
        .build();
  }

  private static <Q> MethodDescriptor<Q, StreamMessage> answered(MethodDescriptor<Q, ?> method) {
    return method.toBuilder(method.getRequestMarshaller(), new ResponseMarshaller()).build();
  }

  private StreamObserver<DeltaDiscoveryRequest> delta(StreamObserver<StreamMessage> responses) {
    AdsConnection connection = open(responses, StreamForm.INCREMENTAL);
    return inlet(connection, connection::asked);
  }

  private StreamObserver<DiscoveryRequest> stateOfTheWorld(
      StreamObserver<StreamMessage> responses) {
    AdsConnection connection = open(responses, StreamForm.STATE_OF_THE_WORLD);
    return inlet(connection, connection::asked);
  }

  private AdsConnection open(StreamObserver<StreamMessage> responses, StreamForm form) {
    Outlet outlet = new Outlet((ServerCallStreamObserver<StreamMessage>) responses, form);
    AdsConnection connection =
        new AdsConnection(
            core, outlet, peerOfCall.get(), PeerAddress.current(), PeerAddress.encrypted());
    // One request is read at a time, when the previous one has been dealt with.
    outlet.observer().disableAutoRequest();
    outlet.observer().setOnReadyHandler(connection::wake);
    outlet.observer().setOnCancelHandler(connection::gone);
    connections.add(connection);
    core.metrics().connected();
    if (core.full().getAsBoolean()) {
      // It keeps what it has, and those who are here keep being served.
      core.metrics().noRoom();
      connection.end(
          Status.UNAVAILABLE.withDescription("this replica has no room for more proxies"));
    }
    threads.execute(
        () -> {
          try {
            connection.run();
          } finally {
            connections.remove(connection);
            core.metrics().disconnected();
          }
        });
    outlet.observer().request(1);
    return connection;
  }

  private static <Q> StreamObserver<Q> inlet(AdsConnection connection, Consumer<Q> asked) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Q request) {
        asked.accept(request);
      }

      @Override
      public void onError(Throwable cause) {
        connection.gone();
      }

      @Override
      public void onCompleted() {
        connection.end(Status.OK);
      }
    };
  }
}
