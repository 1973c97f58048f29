package dev.weft.proxy;

import dev.weft.proxy.admin.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** One line a record to standard error; standard output is the access log's. */
final class Logging {
  private Logging() {}

  static void start(String level) {
    Level wanted = LogLevel.of(level);
    if (wanted == null) {
      throw new IllegalArgumentException(
          "proxy: log level '" + level + "' is none of trace, debug, info, warning, error, off");
    }
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new Lines());
    // Ours are said at info; the libraries' only from warning on, unless somebody asks for more.
    LogLevel.set(wanted);
  }

  private static final class Lines extends StreamHandler {
    Lines() {
      super(System.err, new OneLine());
    }

    @Override
    public synchronized void publish(LogRecord record) {
      super.publish(record);
      flush();
    }
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
      StringBuilder out = new StringBuilder();
      out.append(Instant.ofEpochMilli(record.getMillis()))
          .append('\t')
          .append(name(record.getLevel()))
          .append('\t')
          .append(logger.substring(logger.lastIndexOf('.') + 1))
          .append('\t')
          .append(formatMessage(record))
          .append('\n');
      if (record.getThrown() != null) {
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        out.append(trace);
      }
      return out.toString();
    }

    private static String name(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return "error";
      }
      if (level.intValue() >= Level.WARNING.intValue()) {
        return "warning";
      }
      return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
    }
  }
}
