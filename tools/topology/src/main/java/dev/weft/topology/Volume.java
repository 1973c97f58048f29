package dev.weft.topology;

/**
 * How much of a flow there was.
 *
 * @param requests or, for TCP, connections that were opened
 * @param millis of all requests together
 * @param sentBytes towards the source of TCP connections
 * @param receivedBytes from the source of TCP connections
 */
public record Volume(long requests, long millis, long sentBytes, long receivedBytes) {
  public static final Volume NONE = new Volume(0, 0, 0, 0);

  public Volume plus(Volume other) {
    return new Volume(
        requests + other.requests,
        millis + other.millis,
        sentBytes + other.sentBytes,
        receivedBytes + other.receivedBytes);
  }

  public boolean isNone() {
    return equals(NONE);
  }
}
