package dev.weft.server.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.exchange.PeerText;
import dev.weft.exchange.trace.TraceReason;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of itself and of who sent it, looked at once; where it has no identifier, it
 * gets one. Confined to its exchange.
 */
final class Declared {
  private static final byte[] HEX = HttpPlan.ascii("0123456789abcdef");

  private final Received in;
  private final PeerText peerMetadata = new PeerText();
  private final byte[] requestId = new byte[TraceReason.ID_LENGTH];
  private boolean ownRequestId;
  private boolean operationGiven;
  private boolean peerKnown;

  Declared(Received in) {
    this.in = in;
  }

  /** Looks at a request whose head is complete. */
  void look() {
    RequestHead head = in.head();
    HttpPlan plan = in.plan();
    boolean edge = plan.pipeline.forwarded().useRemoteAddress();
    boolean external = edge && !plan.pipeline.requestId().preserveExternal();
    ownRequestId =
        plan.pipeline.requestId().generate()
            && (head.find(KnownHeader.X_REQUEST_ID) < 0 || external);
    if (ownRequestId) {
      uuid(in.worker().random(), requestId);
    }
    operationGiven = !edge && head.find(KnownHeader.X_ENVOY_DECORATOR_OPERATION) >= 0;
    // At the edge, those who have proven who they are may be proxies of the mesh.
    int peer =
        edge && in.connection().peer() == null ? -1 : head.find(KnownHeader.X_ENVOY_PEER_METADATA);
    peerKnown = peer >= 0;
    if (plan.discoverDownstream) {
      if (peer >= 0) {
        String unused = peerMetadata.remember(head, peer);
      } else {
        peerMetadata.forget();
      }
    }
  }

  /** What the client says of itself, or null. */
  @Nullable String peerMetadata() {
    return peerMetadata.last();
  }

  /** The identifier that replaces what the client sent, or null where that one stays. */
  byte @Nullable [] ownRequestId() {
    return ownRequestId ? requestId : null;
  }

  /** Lets the identifier of the request say why it is traced; one that says so already stays. */
  void tell(TraceReason reason) {
    byte[] id = requestId();
    if (id != null && id.length == requestId.length && TraceReason.of(id) != reason) {
      System.arraycopy(id, 0, requestId, 0, requestId.length);
      requestId[TraceReason.ID_DIGIT] = (byte) reason.digit();
      ownRequestId = true;
    }
  }

  /** The identifier of the request, or null where it has none. */
  byte @Nullable [] requestId() {
    if (ownRequestId) {
      return requestId;
    }
    String given = in.head().value(KnownHeader.X_REQUEST_ID);
    return given == null ? null : given.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether the client named the operation. */
  boolean operationGiven() {
    return operationGiven;
  }

  /** Whether the proxy of another workload sent the request, and understands what proxies say. */
  boolean fromPeer() {
    return peerKnown && in.plan().propagateDownstream;
  }

  /** A random UUID (version 4) as text. */
  private static void uuid(SplittableRandom random, byte[] out) {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    int at = 0;
    for (int i = 0; i < 32; i++) {
      if (i == 8 || i == 12 || i == 16 || i == 20) {
        out[at++] = '-';
      }
      long bits = i < 16 ? high >>> (60 - i * 4) : low >>> (124 - i * 4);
      out[at++] = HEX[(int) (bits & 15)];
    }
  }
}
