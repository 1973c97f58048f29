package dev.weft.prometheus;

/** A server that does not answer as it should; the message says what is wrong, not whose it is. */
final class PrometheusException extends Exception {
  PrometheusException(String message) {
    super(message);
  }
}
