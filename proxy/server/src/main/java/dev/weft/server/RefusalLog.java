package dev.weft.server;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.ResponseFlag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why connections were refused, for formats of the access log that have no place for it.
 * Confined to one event loop, and bounded: somebody who knocks all day does not fill the log.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final int MOST_PER_SECOND = 10;

  private long second = Long.MIN_VALUE;
  private int written;
  private int left;

  /**
   * @param nanos when, by the clock of the loop
   */
  void note(DownstreamConnection connection, ResponseFlag flag, String reason, long nanos) {
    long now = nanos / 1_000_000_000;
    if (now != second) {
      if (left > 0) {
        LOG.warn("{} more connections were refused", left);
      }
      second = now;
      written = 0;
      left = 0;
    }
    if (written == MOST_PER_SECOND) {
      left++;
      return;
    }
    written++;
    LOG.warn(
        "Refused {} from {} to {}: {} (server name {}, protocols {})",
        flag,
        connection.remoteText(),
        connection.destinationText(),
        reason,
        connection.serverName().isEmpty() ? "-" : connection.serverName(),
        connection.applicationProtocols());
  }
}
