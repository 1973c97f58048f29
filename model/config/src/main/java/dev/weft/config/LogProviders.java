package dev.weft.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Logs that objects may name: {@code extensionProviders} of MeshConfig that are files.
 *
 * @param byName in lower case, as Istio's names are compared
 * @param defaults what is written where no object says anything ({@code
 *     defaultProviders.accessLogging}); empty for the log of {@code accessLogFile}
 */
public record LogProviders(Map<String, AccessLog> byName, List<String> defaults) {
  /** The provider that every mesh has. */
  public static final String BUILT_IN = "envoy";

  static final String STDOUT = "/dev/stdout";

  public LogProviders {
    byName = Copies.map(byName);
    defaults = List.copyOf(defaults);
  }

  /** Those of a mesh that says nothing about them. */
  static LogProviders builtIn(AccessLog own) {
    return new LogProviders(Map.of(BUILT_IN, new AccessLog(STDOUT, own.format())), List.of());
  }

  /** The log of a provider; empty where it is none, or something else than a file. */
  public Optional<AccessLog> find(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }
}
