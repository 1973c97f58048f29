package dev.weft.proxy.xds;

/** Begins a stream to the control plane. */
@FunctionalInterface
public interface Dialer {
  /**
   * Dials.
   *
   * @param handler hears of the stream on the loop of the caller
   * @return what messages are sent with
   */
  Stream dial(GrpcCall.Handler handler);

  /** A stream that was dialled. */
  interface Stream {
    void send(byte[] message);

    void cancel(String reason);
  }
}
