package dev.weft.control.ads;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Makes known to a call's handler where its peer is, and whether others can read along. */
final class PeerAddress implements ServerInterceptor {
  private static final Context.Key<String> ADDRESS = Context.keyWithDefault("weft-peer", "unknown");

  private static final Context.Key<Boolean> ENCRYPTED =
      Context.keyWithDefault("weft-encrypted", false);

  static String current() {
    return ADDRESS.get();
  }

  /** Whether the call came over TLS. */
  static boolean encrypted() {
    return ENCRYPTED.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Object address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return Contexts.interceptCall(
        Context.current()
            .withValue(ADDRESS, String.valueOf(address))
            .withValue(
                ENCRYPTED, call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION) != null),
        call,
        headers,
        next);
  }
}
