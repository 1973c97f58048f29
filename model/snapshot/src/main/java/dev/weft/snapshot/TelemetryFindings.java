package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.LogProviders;
import dev.weft.config.MeshSettings;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Logging;
import dev.weft.config.TraceProvider;
import dev.weft.config.TraceSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry objects of which only one can hold, logs that nobody can write, and spans that nobody
 * takes.
 */
final class TelemetryFindings {
  private static final Rivals<Telemetry> RIVALS =
      new Rivals<>(
          t -> t.target().labels(),
          "spec.selector",
          FindingCode.TWO_DEFAULT_TELEMETRIES,
          FindingCode.TWO_TELEMETRIES);

  private TelemetryFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    snapshot
        .telemetries()
        .byNamespace()
        .values()
        .forEach(
            all -> {
              RIVALS.add(all, snapshot, findings);
              all.forEach(telemetry -> logs(telemetry, snapshot.settings(), findings));
              all.forEach(telemetry -> traces(telemetry, snapshot, findings));
            });
    TraceSettings traces = snapshot.settings().traces();
    collector(snapshot, traces.usual(), "mesh.defaultProviders.tracing", findings);
    collector(snapshot, traces.address(), "mesh.defaultConfig.tracing.zipkin.address", findings);
  }

  private static void traces(
      Telemetry telemetry, MeshSnapshot snapshot, List<Diagnostic> findings) {
    TraceSettings settings = snapshot.settings().traces();
    for (int i = 0; i < telemetry.tracing().size(); i++) {
      String name = telemetry.tracing().get(i).provider();
      if (name.isEmpty()) {
        continue;
      }
      String path = "spec.tracing[" + i + "].providers[0].name";
      TraceProvider provider = settings.find(name).orElse(null);
      if (provider != null) {
        missing(snapshot, provider, telemetry.ref().toString(), path, findings);
      } else {
        findings.add(
            Diagnostic.error(
                FindingCode.MISSING_REFERENCE,
                telemetry.ref().toString(),
                path,
                "extensionProviders of the mesh's configuration have no zipkin or opentelemetry "
                    + name
                    + ", so nothing is traced there: add it, or name one of "
                    + settings.byName().keySet()));
      }
    }
  }

  private static void collector(
      MeshSnapshot snapshot,
      @Nullable TraceProvider provider,
      String path,
      List<Diagnostic> findings) {
    if (provider != null) {
      String settings = "ConfigMap " + snapshot.settings().rootNamespace() + "/istio";
      missing(snapshot, provider, settings, path, findings);
    }
  }

  private static void missing(
      MeshSnapshot snapshot,
      TraceProvider provider,
      String object,
      String path,
      List<Diagnostic> findings) {
    if (Collectors.service(snapshot, provider).isEmpty()) {
      findings.add(
          Diagnostic.warning(
              FindingCode.MISSING_REFERENCE,
              object,
              path,
              provider.name()
                  + " is port "
                  + provider.port()
                  + " of "
                  + provider.host()
                  + ", which no service of the mesh has, so that nothing is traced there: make the"
                  + " service, or write its full name"));
    }
  }

  private static void logs(Telemetry telemetry, MeshSettings settings, List<Diagnostic> findings) {
    LogProviders providers = settings.logProviders();
    for (int i = 0; i < telemetry.accessLogging().size(); i++) {
      Logging entry = telemetry.accessLogging().get(i);
      for (int j = 0; j < entry.providers().size(); j++) {
        String name = entry.providers().get(j);
        if (providers.find(name).isEmpty()) {
          findings.add(
              Diagnostic.error(
                  FindingCode.MISSING_REFERENCE,
                  telemetry.ref().toString(),
                  "spec.accessLogging[" + i + "].providers[" + j + "].name",
                  "extensionProviders of the mesh's configuration have no envoyFileAccessLog "
                      + name
                      + ", so nothing is logged there: add it, or name one of "
                      + providers.byName().keySet()));
        }
      }
    }
  }
}
