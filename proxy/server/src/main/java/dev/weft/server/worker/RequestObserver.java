package dev.weft.server.worker;

import dev.weft.exchange.AccessOutcome;
import dev.weft.exchange.CompressionStat;
import dev.weft.exchange.FilterCounter;
import dev.weft.exchange.LimitOutcome;
import dev.weft.runtime.RuntimeConfig;

/**
 * Hears of everything that metrics count. One observer per event loop, called on that loop only, so
 * that counters need a single writer. What is handed over is valid during the call alone.
 */
public interface RequestObserver extends FilterCounter {
  /** Makes the observer of each loop. */
  @FunctionalInterface
  interface Factory {
    /**
     * The observer of one loop.
     *
     * @param loop 0 to the number of loops - 1
     */
    RequestObserver forLoop(int loop);

    /** Another configuration is in force. */
    default void applied(RuntimeConfig config) {}
  }

  /** A request is over: answered, reset or refused. */
  void request(RequestRecord request);

  /** A TCP connection was opened towards its upstream (or would have been, see its flags). */
  void opened(ConnectionRecord connection);

  /** Bytes of a TCP connection since the last report; at least every few seconds and at its end. */
  void transferred(ConnectionRecord connection, long received, long sent);

  /** A TCP connection is over. */
  void closed(ConnectionRecord connection);

  /** Counts nothing. */
  RequestObserver NONE =
      new RequestObserver() {
        @Override
        public void request(RequestRecord request) {}

        @Override
        public void opened(ConnectionRecord connection) {}

        @Override
        public void transferred(ConnectionRecord connection, long received, long sent) {}

        @Override
        public void closed(ConnectionRecord connection) {}

        @Override
        public void decided(String place, AccessOutcome outcome) {}

        @Override
        public void limited(String prefix, LimitOutcome outcome) {}

        @Override
        public void compressed(String place, CompressionStat stat, long amount) {}
      };
}
