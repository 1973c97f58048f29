package dev.weft.control;

import dev.weft.config.ControlIdentity;
import dev.weft.config.TraceSettings;
import dev.weft.prometheus.PrometheusFile;
import dev.weft.types.ClusterId;
import dev.weft.types.MeshPorts;
import dev.weft.types.Names;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the command line says.
 *
 * @param source where the config API is
 * @param control which control plane this is
 * @param election whether another replica may run beside this one
 * @param replica name of this process among the replicas; empty for one that it makes up and keeps
 * @param advertise the address under which proxies and API servers reach this process; empty where
 *     the caller does not want the clusters to be pointed here
 * @param hosts further names by which it is called, for its certificate; Istio's ISTIOD_CUSTOM_HOST
 * @param sampling how many percent of the requests are traced where the mesh says nothing; Istio's
 *     PILOT_TRACE_SAMPLING
 * @param dataDir where the process keeps what must outlive it
 * @param bind the address to listen on
 * @param consolePort 0 for no console
 * @param prometheus servers of which nothing but the URL is to be known
 * @param prometheusFile what names others; it may come and go
 */
record ControlOptions(
    ConfigSource source,
    ControlIdentity control,
    boolean election,
    String replica,
    String advertise,
    List<String> hosts,
    double sampling,
    Path dataDir,
    String bind,
    int xdsPort,
    int xdsTlsPort,
    int webhookPort,
    int monitoringPort,
    int consolePort,
    List<URI> prometheus,
    Path prometheusFile,
    boolean verbose) {

  ControlOptions {
    prometheus = List.copyOf(prometheus);
    hosts = List.copyOf(hosts);
  }

  private static final Pattern COMMA = Pattern.compile(",");
  private static final String SAMPLING = "PILOT_TRACE_SAMPLING";

  static final String USAGE =
      """
      weft control [options]

        --kubeconfig FILE       the mesh's config API; without it, the cluster of this pod
        --cluster-id NAME       the cluster whose API that is, as a member of the mesh (CLUSTER_ID);
                                without it, this control plane is hosted outside of all clusters
        --revision NAME         of this control plane (REVISION; default: default)
        --root-namespace NAME   where the mesh has its own objects
                                (POD_NAMESPACE; default: istio-system)
        --no-leader-election    this is the only replica: it writes without asking
        --advertise ADDRESS     where proxies and API servers reach this process
        --data-dir DIR          what must outlive the process (default: /var/lib/weft/control)
        --bind ADDRESS          listen address (default: 0.0.0.0)
        --xds-port N            plaintext xDS (default: 15010; 0: any)
        --xds-tls-port N        xDS and certificates (default: 15012)
        --webhook-port N        admission webhooks (default: 15017)
        --monitoring-port N     /ready, /metrics, /debug (default: 15014)
        --console-port N        the web console (default: 20001; 0: none)
        --prometheus URL        draw the traffic that this Prometheus knows; may be given again, for
                                one of each cluster (without any: what the proxies tell)
        --prometheus-file FILE  those that need more than a URL: docs/operating.md
                                (default: /etc/weft/prometheus/prometheus.yaml)
        --verbose               log more

      ISTIOD_CUSTOM_HOST: further host names of its certificate, divided by commas, for clusters
      that reach it by a name of theirs
      PILOT_TRACE_SAMPLING: how many percent of the requests are traced where neither the settings
      of the mesh nor a Telemetry say it (default: 1)
      """;

  /** Where the config API is. */
  sealed interface ConfigSource {
    /** Where a file leads to. */
    record Kubeconfig(Path file) implements ConfigSource {}

    /** The cluster in which this process is a pod. */
    record InCluster(Map<String, String> environment) implements ConfigSource {
      public InCluster {
        environment = Map.copyOf(environment);
      }
    }
  }

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

  /**
   * @param environment what stands in for options that are not given
   */
  static ControlOptions parse(String[] args, Map<String, String> environment)
      throws UsageException {
    Path kubeconfig = null;
    String cluster = environment.getOrDefault("CLUSTER_ID", "");
    String revision = given(environment, "REVISION", "default");
    String rootNamespace = given(environment, "POD_NAMESPACE", "istio-system");
    boolean election = true;
    String advertise = "";
    Path dataDir = Path.of("/var/lib/weft/control");
    String bind = "0.0.0.0";
    int xds = MeshPorts.XDS_PLAINTEXT;
    int xdsTls = MeshPorts.XDS_TLS;
    int webhooks = MeshPorts.WEBHOOKS;
    int monitoring = MeshPorts.MONITORING;
    int console = MeshPorts.CONSOLE;
    List<URI> prometheus = new ArrayList<>();
    Path prometheusFile = Path.of("/etc/weft/prometheus/prometheus.yaml");
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
        case "--no-leader-election" -> election = false;
        case "--kubeconfig" -> kubeconfig = Path.of(value(option, rest));
        case "--cluster-id" -> cluster = value(option, rest);
        case "--revision" -> revision = value(option, rest);
        case "--root-namespace" -> rootNamespace = value(option, rest);
        case "--advertise" -> advertise = value(option, rest);
        case "--data-dir" -> dataDir = Path.of(value(option, rest));
        case "--bind" -> bind = value(option, rest);
        case "--xds-port" -> xds = port(option, rest);
        case "--xds-tls-port" -> xdsTls = port(option, rest);
        case "--webhook-port" -> webhooks = port(option, rest);
        case "--monitoring-port" -> monitoring = port(option, rest);
        case "--console-port" -> console = port(option, rest);
        case "--prometheus" -> prometheus.add(prometheus(option, rest));
        case "--prometheus-file" -> prometheusFile = Path.of(value(option, rest));
        default -> throw new UsageException("unknown option " + option + "\n\n" + USAGE, false);
      }
    }
    label("--revision", revision);
    label("--root-namespace", rootNamespace);
    Optional<ClusterId> own = Optional.empty();
    if (!cluster.isEmpty()) {
      label("--cluster-id", cluster.toLowerCase(Locale.ROOT));
      own = Optional.of(ClusterId.of(cluster));
    }
    return new ControlOptions(
        kubeconfig == null
            ? new ConfigSource.InCluster(environment)
            : new ConfigSource.Kubeconfig(kubeconfig),
        new ControlIdentity(own, revision, rootNamespace, ""),
        election,
        environment.getOrDefault("POD_NAME", ""),
        advertise,
        COMMA
            .splitAsStream(environment.getOrDefault("ISTIOD_CUSTOM_HOST", ""))
            .map(String::strip)
            .filter(host -> !host.isEmpty())
            .toList(),
        sampling(environment),
        dataDir,
        bind,
        xds,
        xdsTls,
        webhooks,
        monitoring,
        console,
        prometheus,
        prometheusFile,
        verbose);
  }

  private static double sampling(Map<String, String> environment) throws UsageException {
    String written = environment.getOrDefault(SAMPLING, "").strip();
    if (written.isEmpty()) {
      return TraceSettings.USUAL_SAMPLING;
    }
    try {
      double percent = Double.parseDouble(written);
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(
        SAMPLING + ": '" + written + "' is no percentage: write a number from 0 to 100", false);
  }

  private static String given(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  private static void label(String option, String value) throws UsageException {
    if (!Names.isLabel(value)) {
      throw new UsageException(
          option + ": '" + value + "' is not a DNS label (small letters, digits, hyphens)", false);
    }
  }

  private static String value(String option, List<String> rest) throws UsageException {
    if (rest.isEmpty()) {
      throw new UsageException(option + " needs a value\n\n" + USAGE, false);
    }
    return rest.removeFirst();
  }

  private static URI prometheus(String option, List<String> rest) throws UsageException {
    return PrometheusFile.url(value(option, rest))
        .orElseThrow(() -> new UsageException(option + " " + PrometheusFile.URL_FAULT, false));
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
