package dev.weft.control.ads;

import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/** The sending side of a stream, in either form of the protocol. */
record Outlet(ServerCallStreamObserver<StreamMessage> observer, StreamForm form) {
  void send(StreamMessage response) {
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
