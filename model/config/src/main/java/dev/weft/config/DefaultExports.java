package dev.weft.config;

import java.util.List;

/** Which namespaces see objects that do not say it; empty lists mean all. */
public record DefaultExports(
    List<String> services, List<String> virtualServices, List<String> destinationRules) {
  public static final DefaultExports ALL = new DefaultExports(List.of(), List.of(), List.of());

  public DefaultExports {
    services = List.copyOf(services);
    virtualServices = List.copyOf(virtualServices);
    destinationRules = List.copyOf(destinationRules);
  }

  /** What is written, else the default. */
  public static List<String> or(List<String> written, List<String> otherwise) {
    return written.isEmpty() ? otherwise : written;
  }
}
