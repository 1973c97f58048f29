package dev.weft.server;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.ResponseFlag;
import dev.weft.server.log.LogField;
import dev.weft.server.log.LogText;
import dev.weft.server.log.LogValues;
import dev.weft.server.worker.ConnectionLog;

/**
 * The log line of a connection that no filter chain takes.
 *
 * @param startMillis when it was accepted, in milliseconds since 1970
 * @param millis how long it lasted
 */
record RefusedConnection(
    DownstreamConnection connection,
    long startMillis,
    long millis,
    ResponseFlag flag,
    String reason)
    implements LogValues {
  @Override
  public boolean write(LogField field, LogText out) {
    return switch (field.kind()) {
      case START_TIME -> ConnectionLog.time(startMillis, out);
      case RESPONSE_FLAGS -> text(flag.name(), out);
      case RESPONSE_FLAGS_LONG -> text(flag.longName(), out);
      case RESPONSE_CODE, BYTES_RECEIVED, BYTES_SENT -> {
        out.number(0);
        yield true;
      }
      case DURATION -> {
        out.number(millis);
        yield true;
      }
      case RESPONSE_CODE_DETAILS, CONNECTION_TERMINATION_DETAILS -> text(reason, out);
      case DOWNSTREAM_TRANSPORT_FAILURE_REASON ->
          reason.startsWith("TLS_error") && text(reason, out);
      default -> ConnectionLog.write(connection, field, out);
    };
  }

  private static boolean text(String text, LogText out) {
    out.text(text);
    return true;
  }

  @Override
  public int flags() {
    return flag.bit();
  }
}
