package dev.weft.proxy;

import java.util.List;

/**
 * The command line of {@code weft proxy}.
 *
 * @param role {@code sidecar} or {@code router}
 * @param domain empty: from the namespace
 * @param concurrency event loops; 0: as many as processors
 */
record ProxyOptions(String role, String domain, String logLevel, int concurrency) {

  /**
   * Reads arguments, as Istio's agent takes them. Flags that have no meaning here are taken and
   * left.
   *
   * @throws IllegalArgumentException naming the argument
   */
  static ProxyOptions parse(List<String> args) {
    if (args.isEmpty()) {
      throw new IllegalArgumentException("proxy: sidecar or router is missing");
    }
    String role =
        switch (args.getFirst()) {
          case "sidecar" -> "sidecar";
          case "router", "gateway" -> "router";
          default ->
              throw new IllegalArgumentException(
                  "proxy: '" + args.getFirst() + "' is neither sidecar nor router");
        };
    String domain = "";
    String logLevel = "info";
    int concurrency = 0;
    for (int i = 1; i < args.size(); i++) {
      String flag = args.get(i);
      int equals = flag.indexOf('=');
      String name = equals < 0 ? flag : flag.substring(0, equals);
      if (!name.startsWith("--")) {
        throw new IllegalArgumentException("proxy: '" + flag + "' is not a flag");
      }
      String value;
      if (equals >= 0) {
        value = flag.substring(equals + 1);
      } else if (i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
        value = args.get(++i);
      } else {
        value = "true";
      }
      switch (name) {
        case "--domain" -> domain = value;
        case "--proxyLogLevel" -> logLevel = value;
        case "--concurrency" -> concurrency = number(name, value);
        case "--proxyComponentLogLevel",
            "--log_output_level",
            "--log_as_json",
            "--stsPort",
            "--trust-domain",
            "--serviceCluster",
            "--templateFile",
            "--tokenManagerPlugin",
            "--meshConfig",
            "--outlierLogPath" -> {}
        default -> throw new IllegalArgumentException("proxy: unknown flag " + name);
      }
    }
    return new ProxyOptions(role, domain, logLevel, concurrency);
  }

  private static int number(String name, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 0 && number <= 1024) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("proxy: " + name + " " + value + " is not a number", e);
    }
    throw new IllegalArgumentException("proxy: " + name + " " + value + " is not in 0-1024");
  }
}
