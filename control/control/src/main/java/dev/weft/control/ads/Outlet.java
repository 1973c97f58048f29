package dev.weft.control.ads;

import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/** The sending side of a stream, in either form of the protocol. */
record Outlet(ServerCallStreamObserver<StreamResponse> observer, StreamForm form) {
  void send(StreamResponse response) {
    observer.onNext(response);
  }

  /** For status: {@code delta} or {@code sotw}. */
  String protocol() {
    return switch (form) {
      case INCREMENTAL -> "delta";
      case STATE_OF_THE_WORLD -> "sotw";
    };
  }

  void end(Status status) {
    observer.onError(status.asRuntimeException());
  }
}
