package dev.weft.control.ads;

import dev.weft.ca.Caller;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens a connection for each stream. Thread-safe. */
final class AdsService extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
  private final AdsCore core;
  private final Supplier<Optional<Caller>> callerOfCall;
  private final Executor threads;
  private final InstantSource clock;
  private final Set<AdsConnection> connections = ConcurrentHashMap.newKeySet();

  AdsService(
      AdsCore core,
      Supplier<Optional<Caller>> callerOfCall,
      Executor threads,
      InstantSource clock) {
    this.core = core;
    this.callerOfCall = callerOfCall;
    this.threads = threads;
    this.clock = clock;
  }

  List<AdsConnection> connections() {
    return List.copyOf(connections);
  }

  @Override
  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
      StreamObserver<DeltaDiscoveryResponse> responses) {
    ServerCallStreamObserver<DeltaDiscoveryResponse> observer =
        (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses;
    AdsConnection connection = open(new Outlet.Delta(observer));
    return inlet(connection, connection::asked);
  }

  @Override
  public StreamObserver<DiscoveryRequest> streamAggregatedResources(
      StreamObserver<DiscoveryResponse> responses) {
    ServerCallStreamObserver<DiscoveryResponse> observer =
        (ServerCallStreamObserver<DiscoveryResponse>) responses;
    AdsConnection connection = open(new Outlet.StateOfTheWorld(observer));
    return inlet(connection, connection::asked);
  }

  private AdsConnection open(Outlet outlet) {
    AdsConnection connection =
        new AdsConnection(
            core, outlet, callerOfCall.get().orElse(null), PeerAddress.current(), clock);
    // One request is read at a time, when the one before has been dealt with.
    outlet.observer().disableAutoRequest();
    outlet.observer().setOnReadyHandler(connection::wake);
    outlet.observer().setOnCancelHandler(connection::gone);
    connections.add(connection);
    core.metrics().connected();
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
