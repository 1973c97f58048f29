package dev.weft.server.worker;

import io.netty.util.internal.PlatformDependent;

/**
 * What peers may make the process hold, all of them together. Every loop has its share.
 *
 * @param headBytes of heads that outgrew the arrays that connections have anyway, on the heap
 * @param pendingBytes of whatever waits for a peer to take it, in direct memory
 * @param connections of clients
 * @param coders of content that are at work at once
 */
public record PeerLimits(long headBytes, long pendingBytes, int connections, int coders) {
  /** What zlib takes for a stream that it compresses, outside of the heap. */
  private static final int CODER_BYTES = 256 * 1024;

  /** As much of the heap as a client's connection costs, its endpoint's beside it. */
  private static final int CONNECTION_BYTES = 6 * 1024;

  /** The upper limit, however much memory there is. */
  private static final int MOST_CONNECTIONS = 100_000;

  /** The upper limit, however much memory there is. */
  private static final int MOST_CODERS = 1024;

  public PeerLimits {
    if (headBytes < 1 || pendingBytes < 1 || connections < 1 || coders < 0) {
      throw new IllegalArgumentException(
          "limits %d, %d, %d and %d are not all positive"
              .formatted(headBytes, pendingBytes, connections, coders));
    }
  }

  /**
   * What this process can bear. A buffer is up to twice as large as what is in it, and the rest of
   * the memory has to do for configuration and for traffic that flows.
   */
  public static PeerLimits ofProcess() {
    // The JVM's management would say the same, and cost a start 85 classes and some 100 ms.
    return of(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
  }

  /** For a process that may have so many bytes. */
  static PeerLimits of(long heap, long direct) {
    return new PeerLimits(
        heap / 10,
        direct / 3,
        (int) Math.clamp(heap / 3 / CONNECTION_BYTES, 1, MOST_CONNECTIONS),
        (int) Math.clamp(direct / 10 / CODER_BYTES, 1, MOST_CODERS));
  }

  /** The share of one of several loops; coders find their places in all of them together. */
  PeerLimits share(int loops) {
    return new PeerLimits(
        Math.max(1, headBytes / loops),
        Math.max(1, pendingBytes / loops),
        Math.max(1, connections / loops),
        coders);
  }
}
