package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.LogProviders;
import dev.weft.config.MeshSettings;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Logging;
import java.util.List;

/** Telemetry objects of which only one can hold, and logs that nobody can write. */
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
            });
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
