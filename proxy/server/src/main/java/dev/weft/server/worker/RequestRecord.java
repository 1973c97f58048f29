package dev.weft.server.worker;

/** A request that is over. */
public interface RequestRecord extends TrafficRecord {
  /** 0 where nothing was answered. */
  int responseCode();

  /** Milliseconds from the first byte of the request to the last byte of the response. */
  long durationMillis();

  /** Bytes of the request's body, and of its head where {@code heads} counts, as received. */
  long requestBytes();

  /** Bytes of the response's body, as sent. */
  long responseBytes();

  /** Whether it was gRPC, by content type. */
  boolean grpc();

  /** The value of {@code grpc-status}, or -1. */
  int grpcStatus();

  /** How many messages a gRPC client sent; 0 where it was not gRPC over HTTP/2. */
  default long requestMessages() {
    return 0;
  }

  /** How many messages a gRPC client was sent; 0 where it was not gRPC over HTTP/2. */
  default long responseMessages() {
    return 0;
  }
}
