package dev.weft.control.ads;

import dev.weft.ca.SameHost;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Stands before the plaintext port. What it serves is the topology of the mesh, so that others than
 * our own pod have to prove who they are, as on the TLS port; here that is by a token.
 */
final class PlaintextDoor implements ServerInterceptor {
  private final ServerInterceptor authentication;

  PlaintextDoor(ServerInterceptor authentication) {
    this.authentication = authentication;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Attributes ends = call.getAttributes();
    return SameHost.holds(
            ends.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), ends.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR))
        ? next.startCall(call, headers)
        : authentication.interceptCall(call, headers, next);
  }
}
