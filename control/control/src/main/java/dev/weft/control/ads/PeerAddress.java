package dev.weft.control.ads;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Makes the address of a call's peer known to its handler. */
final class PeerAddress implements ServerInterceptor {
  private static final Context.Key<String> ADDRESS = Context.keyWithDefault("weft-peer", "unknown");

  static String current() {
    return ADDRESS.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Object address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return Contexts.interceptCall(
        Context.current().withValue(ADDRESS, String.valueOf(address)), call, headers, next);
  }
}
