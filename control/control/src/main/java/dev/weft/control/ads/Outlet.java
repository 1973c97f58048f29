package dev.weft.control.ads;

import dev.weft.xds.StreamResponse;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/** The sending side of a stream, in either form of the protocol. */
sealed interface Outlet {
  ServerCallStreamObserver<?> observer();

  void send(StreamResponse response);

  /** For status: {@code delta} or {@code sotw}. */
  String protocol();

  default void end(Status status) {
    observer().onError(status.asRuntimeException());
  }

  record Delta(ServerCallStreamObserver<DeltaDiscoveryResponse> observer) implements Outlet {
    @Override
    public void send(StreamResponse response) {
      observer.onNext(response.toDelta());
    }

    @Override
    public String protocol() {
      return "delta";
    }
  }

  record StateOfTheWorld(ServerCallStreamObserver<DiscoveryResponse> observer) implements Outlet {
    @Override
    public void send(StreamResponse response) {
      observer.onNext(response.toStateOfTheWorld());
    }

    @Override
    public String protocol() {
      return "sotw";
    }
  }
}
