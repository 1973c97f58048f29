package dev.weft.proxy.admin;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Log levels by Envoy's names. */
public final class LogLevel {
  private LogLevel() {}

  /** Null for an unknown name. */
  public static @Nullable Level of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "trace" -> Level.FINEST;
      case "debug" -> Level.FINE;
      case "info" -> Level.INFO;
      case "warning", "warn" -> Level.WARNING;
      case "error", "critical" -> Level.SEVERE;
      case "off" -> Level.OFF;
      default -> null;
    };
  }

  /** The name of the level in force. */
  static String current() {
    Level level = Logger.getLogger("").getLevel();
    for (String name : List.of("off", "error", "warning", "info", "debug", "trace")) {
      if (level != null && Objects.equals(of(name), level)) {
        return name;
      }
    }
    return String.valueOf(level).toLowerCase(Locale.ROOT);
  }

  /** Sets the level of everything that is logged. */
  public static void set(Level level) {
    Logger root = LogManager.getLogManager().getLogger("");
    if (root != null) {
      root.setLevel(level);
      for (Handler handler : root.getHandlers()) {
        handler.setLevel(level);
      }
    }
  }
}
