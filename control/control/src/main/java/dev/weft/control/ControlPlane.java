package dev.weft.control;

import dev.weft.config.MeshSettings;
import dev.weft.control.admin.AdminServer;
import dev.weft.control.ingest.Ingest;
import dev.weft.control.lastknown.LastKnown;
import dev.weft.control.status.ConfigApiSetup;
import dev.weft.control.status.MemberStatusWriter;
import dev.weft.discovery.MeshApi;
import dev.weft.types.ClusterId;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running control plane: everything is built here, by hand, in order. */
final class ControlPlane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);
  static final String VERSION = "0.1.0";

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private int monitoringPort;
  private @Nullable Proxies proxies;

  private ControlPlane() {}

  /** The process cannot start; the message says why. */
  static final class CannotStartException extends Exception {
    CannotStartException(String message) {
      super(message);
    }
  }

  static ControlPlane start(ControlOptions options) throws CannotStartException {
    if (!Files.isReadable(options.kubeconfig())) {
      throw new CannotStartException(
          "the kubeconfig " + options.kubeconfig() + " is not there or cannot be read");
    }
    ControlPlane plane = new ControlPlane();
    try {
      plane.run(options);
      return plane;
    } catch (IOException | RuntimeException e) {
      plane.close();
      throw new CannotStartException(String.valueOf(e.getMessage()));
    }
  }

  private void run(ControlOptions options) throws IOException {
    MeshSettings defaults = MeshSettings.defaults();
    PrometheusRegistry registry = new PrometheusRegistry();
    Proxies proxies = new Proxies();
    this.proxies = proxies;
    Provisioning provisioning = new Provisioning();
    Ingest ingest = new Ingest(defaults);
    MeshApi mesh = closing(MeshApi.of(options.kubeconfig(), defaults, ingest));
    ToIntFunction<ClusterId> connected = id -> proxies.connected().getOrDefault(id.value(), 0);
    MemberStatusWriter status =
        closing(
            new MemberStatusWriter(
                mesh.api(), mesh.clusters(), connected, provisioning::complaints));
    ingest.subscribe(status);
    ingest.subscribeConfig(status::onConfig);
    LastKnown lastKnown =
        closing(new LastKnown(options.dataDir().resolve("members"), InstantSource.system()));
    lastKnown.load().forEach(ingest);
    ingest.subscribeConfig(lastKnown);
    Serving serving =
        closing(
            new Serving(options, ingest, mesh, proxies, provisioning, registry, failed::complete));
    AdminServer admin =
        closing(
            new AdminServer(
                options.bind(),
                options.monitoringPort(),
                ingest,
                mesh.clusters(),
                proxies,
                registry,
                serving::ready,
                VERSION));
    closing(ingest).start();
    status.start();
    lastKnown.start();
    monitoringPort = admin.start();
    serving.start();
    ConfigApiSetup setup = closing(new ConfigApiSetup(mesh.api(), defaults.rootNamespace()));
    setup.start(mesh::start);
    log.info("control plane {} is up, monitoring on port {}", VERSION, monitoringPort);
  }

  /** Completed with the reason when the process has become of no use. */
  CompletableFuture<String> failed() {
    return failed;
  }

  /** Where xDS listens, plaintext and TLS; empty until it does. */
  List<Integer> xdsPorts() {
    Proxies directory = proxies;
    return directory == null ? List.of() : directory.ports();
  }

  /** Where the admin server listens. */
  int monitoringPort() {
    return monitoringPort;
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("while stopping: {}", e.getMessage());
      }
    }
  }
}
