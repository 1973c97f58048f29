package dev.weft.exchange;

/** An exchange that is over, as filters tell of it. */
public interface Ended {
  /** So many messages of gRPC passed. */
  void messages(long request, long response);
}
