package dev.weft.control;

import dev.weft.types.MeshPorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line says.
 *
 * @param kubeconfig of the config API
 * @param advertise the address under which proxies and API servers reach this process; empty where
 *     the caller does not want the clusters to be pointed here
 * @param dataDir where the process keeps what must outlive it
 * @param bind the address to listen on
 */
record ControlOptions(
    Path kubeconfig,
    String advertise,
    Path dataDir,
    String bind,
    int xdsPort,
    int xdsTlsPort,
    int webhookPort,
    int monitoringPort,
    boolean verbose) {

  static final String USAGE =
      """
      weft control --kubeconfig FILE [options]

        --kubeconfig FILE       the mesh's config API (required)
        --advertise ADDRESS     where proxies and API servers reach this process
        --data-dir DIR          what must outlive the process (default: /var/lib/weft/control)
        --bind ADDRESS          listen address (default: 0.0.0.0)
        --xds-port N            plaintext xDS (default: 15010; 0: any)
        --xds-tls-port N        xDS and certificates (default: 15012)
        --webhook-port N        admission webhooks (default: 15017)
        --monitoring-port N     /ready, /metrics, /debug (default: 15014)
        --verbose               log more
      """;

  /** What the command line got wrong, or a wish for help. */
  static final class UsageException extends Exception {
    private final boolean help;

    UsageException(String message, boolean help) {
      super(message);
      this.help = help;
    }

    boolean help() {
      return help;
    }
  }

  static ControlOptions parse(String[] args) throws UsageException {
    Path kubeconfig = null;
    String advertise = "";
    Path dataDir = Path.of("/var/lib/weft/control");
    String bind = "0.0.0.0";
    int xds = MeshPorts.XDS_PLAINTEXT;
    int xdsTls = MeshPorts.XDS_TLS;
    int webhooks = MeshPorts.WEBHOOKS;
    int monitoring = MeshPorts.MONITORING;
    boolean verbose = false;
    List<String> rest = new ArrayList<>(List.of(args));
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      String option = word;
      if (word.startsWith("--") && word.indexOf('=') > 0) {
        option = word.substring(0, word.indexOf('='));
        rest.addFirst(word.substring(word.indexOf('=') + 1));
      }
      switch (option) {
        case "--help", "-h" -> throw new UsageException(USAGE, true);
        case "--verbose", "-v" -> verbose = true;
        case "--kubeconfig" -> kubeconfig = Path.of(value(option, rest));
        case "--advertise" -> advertise = value(option, rest);
        case "--data-dir" -> dataDir = Path.of(value(option, rest));
        case "--bind" -> bind = value(option, rest);
        case "--xds-port" -> xds = port(option, rest);
        case "--xds-tls-port" -> xdsTls = port(option, rest);
        case "--webhook-port" -> webhooks = port(option, rest);
        case "--monitoring-port" -> monitoring = port(option, rest);
        default -> throw new UsageException("unknown option " + option + "\n\n" + USAGE, false);
      }
    }
    if (kubeconfig == null) {
      throw new UsageException(
          "--kubeconfig is missing: the file that leads to the mesh's config API\n\n" + USAGE,
          false);
    }
    return new ControlOptions(
        kubeconfig, advertise, dataDir, bind, xds, xdsTls, webhooks, monitoring, verbose);
  }

  private static String value(String option, List<String> rest) throws UsageException {
    if (rest.isEmpty()) {
      throw new UsageException(option + " needs a value\n\n" + USAGE, false);
    }
    return rest.removeFirst();
  }

  private static int port(String option, List<String> rest) throws UsageException {
    String text = value(option, rest);
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(option + ": '" + text + "' is not a port", false);
    }
    throw new UsageException(option + ": '" + text + "' is not a port", false);
  }
}
