package dev.weft.server.http;

import dev.weft.server.log.LogField;
import dev.weft.server.log.LogText;
import dev.weft.server.worker.ConnectionLog;
import dev.weft.server.worker.Worker;

/** When what of a request happened. Zero is not yet. Confined to its exchange. */
final class ExchangeTimes {
  private final Worker worker;
  private long startMillis;
  private long startNanos;
  private long requestEndNanos;
  private long responseHeadNanos;
  private long endNanos;

  ExchangeTimes(Worker worker) {
    this.worker = worker;
  }

  /** The first byte is here. */
  void start() {
    startMillis = worker.millis();
    startNanos = worker.nanos();
    requestEndNanos = 0;
    responseHeadNanos = 0;
  }

  void requestComplete() {
    requestEndNanos = worker.nanos();
  }

  /** An answer begins, our own or an endpoint's. */
  void answered() {
    responseHeadNanos = worker.nanos();
  }

  void end() {
    endNanos = worker.nanos();
  }

  /** When the first byte of the request came, by {@link Worker#nanos}. */
  long startNanos() {
    return startNanos;
  }

  /** From the first byte to the end. */
  long durationNanos() {
    return Math.max(0, endNanos - startNanos);
  }

  /** Milliseconds from the end of the request to the head of the response. */
  long serviceMillis() {
    long from = requestEndNanos == 0 ? startNanos : requestEndNanos;
    return Math.max(0, responseHeadNanos - from) / 1_000_000;
  }

  /**
   * Appends a time; false where there is none, or where the field is another one.
   *
   * @param tried whether an endpoint was
   */
  boolean write(LogField.Kind kind, boolean tried, LogText out) {
    return switch (kind) {
      case START_TIME -> ConnectionLog.time(startMillis, out);
      case DURATION -> out.amount(durationNanos() / 1_000_000);
      case REQUEST_DURATION -> between(startNanos, requestEndNanos, requestEndNanos != 0, out);
      case RESPONSE_DURATION ->
          between(startNanos, responseHeadNanos, responseHeadNanos != 0 && tried, out);
      case RESPONSE_TX_DURATION ->
          between(responseHeadNanos, endNanos, responseHeadNanos != 0, out);
      default -> false;
    };
  }

  private static boolean between(long from, long to, boolean known, LogText out) {
    return known && out.amount((to - from) / 1_000_000);
  }
}
