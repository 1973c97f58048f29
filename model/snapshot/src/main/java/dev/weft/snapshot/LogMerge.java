package dev.weft.snapshot;

import dev.weft.config.AccessLog;
import dev.weft.config.MeshSettings;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Logging;
import dev.weft.config.Telemetry.Side;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The logs that a proxy writes. A Telemetry that names providers replaces those of the objects
 * before it; one that names none is about those that are written without it, in the end the log of
 * the mesh's settings. Istio: pilot/pkg/model/telemetry.go mergeLogs. Unlike there, the log of
 * {@code accessLogFile} can be meant, and a side that no entry is about keeps its logs.
 */
public final class LogMerge {
  /** Stands for the log of {@code accessLogFile}, where a provider would have a name. */
  private static final String OWN = "";

  private LogMerge() {}

  /**
   * The logs of one side, in the order of their providers' names.
   *
   * @param holding the Telemetry objects that hold for the proxy, the widest scope first
   */
  public static List<AccessLog> logs(MeshSettings settings, List<Telemetry> holding, Side side) {
    List<String> defaults = defaults(settings);
    Map<String, AccessLog> written = new TreeMap<>();
    for (String name : defaults) {
      log(settings, name).ifPresent(log -> written.put(name, log));
    }
    Set<String> wanted = new LinkedHashSet<>(defaults);
    List<String> inherited = defaults;
    for (Telemetry telemetry : holding) {
      List<Logging> entries =
          telemetry.accessLogging().stream().filter(l -> l.mode().includes(side)).toList();
      Set<String> named = new LinkedHashSet<>();
      entries.forEach(entry -> named.addAll(names(entry)));
      if (!named.isEmpty()) {
        wanted = named;
      }
      for (Logging entry : entries) {
        inherited = entry.providers().isEmpty() ? inherited : names(entry);
        for (String name : inherited) {
          apply(settings, entry, name, written);
        }
      }
    }
    written.keySet().retainAll(wanted);
    return List.copyOf(written.values());
  }

  private static void apply(
      MeshSettings settings, Logging entry, String name, Map<String, AccessLog> written) {
    Optional<AccessLog> log = log(settings, name);
    if (entry.disabled() || log.isEmpty()) {
      written.remove(name);
    } else if (!entry.providers().isEmpty() || !entry.condition().isEmpty()) {
      written.put(name, log.get().where(entry.condition()));
    } else {
      written.putIfAbsent(name, log.get());
    }
  }

  private static List<String> names(Logging entry) {
    return entry.providers().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<String> defaults(MeshSettings settings) {
    List<String> named =
        settings.logProviders().defaults().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList();
    return named.isEmpty() ? List.of(OWN) : named;
  }

  private static Optional<AccessLog> log(MeshSettings settings, String name) {
    return name.equals(OWN)
        ? Optional.of(settings.accessLog()).filter(AccessLog::enabled)
        : settings.logProviders().find(name);
  }
}
