package dev.weft.control;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line for each record, on standard error. */
final class Logging {
  // The JDK's loggers hold configured ones only weakly.
  private static final Logger OURS = Logger.getLogger("dev.weft");

  private Logging() {}

  static void configure(boolean verbose) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    ConsoleHandler console = new ConsoleHandler();
    console.setLevel(Level.ALL);
    console.setFormatter(new Line());
    root.addHandler(console);
    root.setLevel(Level.WARNING);
    OURS.setLevel(verbose ? Level.FINE : Level.INFO);
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      String name = record.getLoggerName() == null ? "" : record.getLoggerName();
      StringWriter text = new StringWriter();
      PrintWriter out = new PrintWriter(text);
      out.print(record.getInstant().truncatedTo(ChronoUnit.MILLIS));
      out.print(' ');
      out.print(record.getLevel().getName().toLowerCase(Locale.ROOT));
      out.print(' ');
      out.print(name.substring(name.lastIndexOf('.') + 1));
      out.print(": ");
      out.println(formatMessage(record));
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(out);
      }
      return text.toString();
    }
  }
}
