package dev.weft.control;

import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.console.ConsoleParts;
import dev.weft.console.ConsoleServer;
import dev.weft.console.access.ConfigApiAuthority;
import dev.weft.console.access.RememberingAuthority;
import dev.weft.control.ControlOptions.ConfigSource;
import dev.weft.control.admin.AdminServer;
import dev.weft.control.admin.DebugPages;
import dev.weft.control.admin.Listening;
import dev.weft.control.admin.MeshPages;
import dev.weft.control.ads.Spreading;
import dev.weft.control.console.KnownCertificates;
import dev.weft.control.console.LatestMoment;
import dev.weft.control.console.ServedProxies;
import dev.weft.control.credentials.CredentialFeed;
import dev.weft.control.credentials.SecretReader;
import dev.weft.control.ingest.GatewayNames;
import dev.weft.control.ingest.Ingest;
import dev.weft.control.keys.KeySets;
import dev.weft.control.lastknown.LastKnown;
import dev.weft.control.status.ConfigApiSetup;
import dev.weft.control.status.FindingsWriter;
import dev.weft.control.status.MemberStatusWriter;
import dev.weft.control.status.ReplicaCounts;
import dev.weft.control.tool.IstioPages;
import dev.weft.control.tool.XdsDesk;
import dev.weft.control.traffic.TrafficChoice;
import dev.weft.control.traffic.TrafficStore;
import dev.weft.discovery.Leadership;
import dev.weft.discovery.LeaseElection;
import dev.weft.discovery.MeshApi;
import dev.weft.loop.Clock;
import dev.weft.prometheus.Doctor;
import dev.weft.prometheus.Fleet;
import dev.weft.prometheus.PrometheusFile;
import dev.weft.prometheus.PrometheusFileException;
import dev.weft.prometheus.PrometheusServer;
import dev.weft.topology.TrafficSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running control plane: everything is built here, by hand, in order. */
final class ControlPlane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);
  static final String VERSION = "0.1.0";

  /** How the names of the threads begin without which nothing moves. */
  private static final List<String> VITAL =
      List.of("ingest", "list-watch ", "serving", "provision-", "member-status", "last-known");

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Clock clock;

  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private int monitoringPort;
  private @Nullable Proxies proxies;

  private ControlPlane(Clock clock) {
    this.clock = clock;
  }

  /** The process cannot start; the message says why. */
  static final class CannotStartException extends Exception {
    CannotStartException(String message) {
      super(message);
    }
  }

  static ControlPlane start(ControlOptions options, Clock clock) throws CannotStartException {
    if (options.source() instanceof ConfigSource.Kubeconfig(Path file) && !Files.isReadable(file)) {
      throw new CannotStartException("the kubeconfig " + file + " is not there or cannot be read");
    }
    ControlPlane plane = new ControlPlane(clock);
    try {
      plane.run(options);
      return plane;
    } catch (IOException | RuntimeException e) {
      plane.close();
      throw new CannotStartException(String.valueOf(e.getMessage()));
    }
  }

  private void run(ControlOptions options) throws IOException {
    ControlIdentity control = options.control();
    PrometheusRegistry registry = new PrometheusRegistry();
    Proxies proxies = new Proxies();
    this.proxies = proxies;
    TrafficStore traffic = new TrafficStore(clock);
    Fleet prometheus = closing(new Fleet(() -> prometheus(options)));
    Complaints complaints = new Complaints();
    MeshSettings defaults = MeshSettings.defaults(control, options.sampling());
    Ingest ingest = new Ingest(defaults, clock);
    MeshApi mesh =
        closing(
            switch (options.source()) {
              case ConfigSource.Kubeconfig(Path file) ->
                  MeshApi.of(file, control, defaults, ingest, clock);
              case ConfigSource.InCluster(Map<String, String> environment) ->
                  MeshApi.inCluster(environment, control, defaults, ingest, clock);
            });
    String replica =
        options.election() ? Replica.name(options.replica(), options.dataDir()) : "only";
    Spreading spreading = new Spreading(proxies::full, proxies::sendAway);
    ReplicaCounts counts =
        closing(
            new ReplicaCounts(
                mesh.api(), control, replica, proxies::connected, spreading::counted, clock));
    MemberStatusWriter status =
        new MemberStatusWriter(mesh.api(), mesh.clusters(), counts::of, complaints, clock);
    ingest.subscribe(status);
    ingest.subscribeConfig(status::onConfig);
    FindingsWriter findings = new FindingsWriter(mesh.api(), ingest, clock);
    ingest.subscribeFindings(findings::onObserved);
    LastKnown lastKnown = closing(new LastKnown(options.dataDir().resolve("members"), clock));
    lastKnown.load().forEach(ingest);
    ingest.subscribeConfig(lastKnown);
    GatewayNames gatewayNames = closing(new GatewayNames(ingest));
    ingest.resolveBy(gatewayNames);
    KeySets keySets = closing(new KeySets(ingest, clock));
    ingest.subscribeConfig(keySets::onConfig);
    CredentialFeed credentials =
        closing(new CredentialFeed(ingest, new SecretReader(mesh.clusters()::api, mesh.api())));
    ingest.subscribe(credentials);
    Leadership leadership = closing(new Leadership());
    KnownCertificates certificates = new KnownCertificates(ingest::current);
    TrafficSource source = new TrafficChoice(prometheus, traffic);
    DebugPages pages = new DebugPages();
    new MeshPages(
            ingest,
            mesh.clusters(),
            proxies::connected,
            proxies::onDemand,
            source,
            new Doctor(prometheus, clock),
            clock)
        .addTo(pages);
    new IstioPages(ingest, mesh.api(), proxies, control).addTo(pages);
    Serving serving =
        closing(
            new Serving(
                options,
                ingest,
                mesh,
                leadership,
                proxies,
                traffic,
                certificates,
                complaints,
                new XdsDesk(
                    pages,
                    proxies,
                    control.rootNamespace(),
                    options.replica().isEmpty() ? control.service() : options.replica(),
                    VERSION),
                registry,
                clock,
                failed::complete));
    AdminServer admin =
        closing(
            new AdminServer(
                options.bind(),
                options.monitoringPort(),
                ingest,
                mesh.clusters(),
                pages,
                registry,
                serving::ready,
                new RememberingAuthority(new ConfigApiAuthority(mesh.users()::with), clock),
                VERSION));
    Optional<ConsoleServer> console =
        console(options, ingest, mesh, source, proxies, certificates, replica);
    closing(ingest).start();
    lastKnown.start();
    gatewayNames.start();
    keySets.start();
    credentials.start();
    monitoringPort = admin.start();
    if (console.isPresent()) {
      int port = Listening.start(console.get().server(), "console", options.consolePort());
      console.get().record();
      log.info("console on port {}", port);
    }
    serving.start();
    Runnable follow = once(mesh::start);
    leadership.whileLeading(() -> new ConfigApiSetup(mesh.api(), control).start(follow));
    leadership.whileLeading(status::start);
    leadership.whileLeading(findings::start);
    if (options.election()) {
      counts.start();
      closing(
              new LeaseElection(
                  mesh.api(),
                  control,
                  replica,
                  LeaseElection.Terms.usual(),
                  leadership,
                  follow,
                  clock))
          .start();
    } else {
      leadership.lead();
    }
    log.info("control plane {} is up, monitoring on port {}", VERSION, monitoringPort);
  }

  private Optional<ConsoleServer> console(
      ControlOptions options,
      Ingest ingest,
      MeshApi mesh,
      TrafficSource traffic,
      Proxies proxies,
      KnownCertificates certificates,
      String replica) {
    if (options.consolePort() == 0) {
      return Optional.empty();
    }
    LatestMoment moment =
        new LatestMoment(MeshSettings.defaults(options.control(), options.sampling()));
    ingest.subscribeBuilt(moment);
    ingest.subscribeFindings(moment::onObserved);
    return Optional.of(
        closing(
            new ConsoleServer(
                options.bind(),
                options.consolePort(),
                new ConsoleParts(
                    VERSION,
                    mesh.api().server(),
                    moment,
                    traffic,
                    mesh.users()::with,
                    mesh.clusters()::api,
                    mesh.clusters()::registrations,
                    new ServedProxies(proxies, ingest::current, replica),
                    certificates,
                    clock))));
  }

  /** Those of the file, which may change, before those of the command line. */
  private static List<PrometheusServer> prometheus(ControlOptions options)
      throws PrometheusFileException {
    List<PrometheusServer> servers =
        new ArrayList<>(new PrometheusFile(options.prometheusFile()).read());
    options.prometheus().forEach(url -> servers.add(PrometheusServer.at(url)));
    return servers;
  }

  /**
   * Told of a thread that died of an exception. Where the way from the clusters to the proxies goes
   * through it, a process that lives on would show nothing but old news.
   */
  void died(Thread thread, Throwable cause) {
    log.error("thread {} died", thread.getName(), cause);
    if (VITAL.stream().anyMatch(thread.getName()::startsWith)) {
      failed.complete("thread " + thread.getName() + " died: " + cause);
    }
  }

  /** A leader reads what it has set up; a follower must not wait for it. */
  private static Runnable once(Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (!done.getAndSet(true)) {
        action.run();
      }
    };
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
