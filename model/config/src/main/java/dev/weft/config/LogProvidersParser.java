package dev.weft.config;

import dev.weft.config.AccessLog.Format;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code extensionProviders} of MeshConfig that are logs in files, and those of {@code
 * defaultProviders}. Istio: pilot/pkg/model/telemetry_logging.go.
 */
final class LogProvidersParser {
  private LogProvidersParser() {}

  /**
   * @param own the log of {@code accessLogFile}
   */
  static LogProviders read(TreeReader mesh, AccessLog own) {
    Map<String, AccessLog> byName = new LinkedHashMap<>(LogProviders.builtIn(own).byName());
    List<Boolean> unused =
        mesh.objects(
            "extensionProviders",
            provider -> {
              // Those of other kinds are read elsewhere.
              provider.others();
              String name = provider.string("name").toLowerCase(Locale.ROOT);
              AccessLog log = provider.object("envoyFileAccessLog", r -> file(r, name, own));
              if (log != null) {
                byName.put(name, log);
              }
              return null;
            });
    List<String> defaults = new ArrayList<>();
    List<String> named =
        mesh.object(
            "defaultProviders",
            r -> {
              r.ignored("metrics", "tracing");
              List<String> names = r.strings("accessLogging");
              for (String name : names) {
                if (byName.containsKey(name.toLowerCase(Locale.ROOT))) {
                  defaults.add(name);
                } else {
                  r.error(
                      "accessLogging",
                      "extensionProviders have no envoyFileAccessLog "
                          + name
                          + ": nothing is logged there; name one of "
                          + byName.keySet());
                }
              }
              return names;
            });
    return new LogProviders(byName, defaults);
  }

  private static @Nullable AccessLog file(TreeReader r, String name, AccessLog own) {
    r.unsupported("omitEmptyValues", "what has no value is written as '-' or null");
    Format format = r.object("logFormat", LogProvidersParser::format);
    if (format == null) {
      format = name.equals(LogProviders.BUILT_IN) ? own.format() : new Format.Text();
    }
    return new AccessLog(r.string("path", LogProviders.STDOUT), format);
  }

  /** What proxies would refuse is not sent: without it there would be no listener left. */
  private static @Nullable Format format(TreeReader r) {
    if (r.has("labels")) {
      Map<String, String> labels = r.stringMap("labels");
      boolean usable = true;
      for (Map.Entry<String, String> label : labels.entrySet()) {
        usable &= RouteChecks.format(r, "labels." + label.getKey(), label.getValue());
      }
      return labels.isEmpty() || !usable ? new Format.IstioJson() : new Format.CustomJson(labels);
    }
    String text = r.string("text");
    return text.isEmpty() || !RouteChecks.format(r, "text", text)
        ? new Format.Text()
        : new Format.CustomText(text);
  }
}
