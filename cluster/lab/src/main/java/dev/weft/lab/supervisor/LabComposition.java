package dev.weft.lab.supervisor;

import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.image.BuiltInImages;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.net.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Makes a lab from its plan: the network, the clusters, the mesh. */
final class LabComposition {
  private static final long CONTROL_READY_MS = 60_000;

  private final LabPlan plan;
  private final LabDirectory directory;
  private final LabParts parts;
  private final Closing closing;
  private final Progress progress;

  /**
   * @param closing gets what the lab opens, in order
   */
  LabComposition(
      LabPlan plan, LabDirectory directory, LabParts parts, Closing closing, Progress progress) {
    this.plan = plan;
    this.directory = directory;
    this.parts = parts;
    this.closing = closing;
    this.progress = progress;
  }

  /** Returns when everything is ready. */
  void compose() throws IOException {
    LinuxNetwork network = LinuxNetwork.open(plan.prefix());
    closing.add(network::destroy);
    progress.line("wan 172.18.0.0/16");
    HostForwards hostForwards = new HostForwards(network.wan(), directory.forwards());
    parts.forwards(hostForwards);
    closing.add(hostForwards);
    BuiltInImages images =
        new BuiltInImages(
            containerCommand(),
            Path.of(System.getProperty("java.home")),
            Path.of(plan.libraries()),
            launcher(),
            directory.images());
    images.prepare();
    LinuxContainers containers = new LinuxContainers(images.mounts());
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Optional<Member>> config =
          async(
              executor,
              () -> plan.mesh() ? Optional.of(startMesh(network)) : Optional.<Member>empty());
      List<CompletableFuture<RunningNode>> starting = new ArrayList<>();
      for (ClusterPlan each : plan.clusters()) {
        starting.add(
            async(
                executor,
                () ->
                    RunningNode.start(
                        each, plan, directory, network, containers, images, hostForwards)));
      }
      List<RunningNode> up = new ArrayList<>();
      for (CompletableFuture<RunningNode> each : starting) {
        RunningNode node = join(each);
        closing.add(node);
        up.add(node);
        progress.line(
            "%s on %s, node %s"
                .formatted(node.plan().name(), node.plan().network(), node.plan().wanAddress()));
      }
      parts.nodes(up);
      Optional<Member> member = join(config);
      if (member.isPresent()) {
        parts.mesh(member.get());
        MeshObjects.write(member.get(), up);
      }
    }
    parts.writeKubeconfig();
    Optional<Member> config = parts.mesh();
    if (config.isPresent()) {
      awaitMesh(config.get(), hostForwards);
    }
  }

  private Path launcher() {
    Path program = Path.of(plan.weftCommand().getFirst()).toAbsolutePath();
    return Objects.requireNonNullElse(program.getParent(), program);
  }

  /** How containers call the program: the same one, seen at the path of the images. */
  private List<String> containerCommand() {
    List<String> command = new ArrayList<>(plan.weftCommand());
    command.set(
        0, BuiltInImages.LAUNCHER + "/" + Path.of(plan.weftCommand().getFirst()).getFileName());
    return command;
  }

  /** A step of the start that runs beside others. */
  private interface Step<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> async(ExecutorService executor, Step<T> step) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return step.run();
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }

  private static <T> T join(CompletableFuture<T> future) throws IOException {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e;
    }
  }

  /** Calls webhooks from the host of the control plane. */
  private record HostDialer(Place host) implements ServiceDialer {
    @Override
    public Socket dial(String namespace, String service, int port) throws IOException {
      throw new IOException("the config API has no node; give webhooks a URL");
    }

    @Override
    public Socket dialHost(String name, int port, int timeoutMillis) throws IOException {
      return host.connect(InetAddress.getByName(name).getHostAddress(), port, timeoutMillis)
          .socket();
    }
  }

  private Member openMesh(Place host) throws IOException {
    return Member.open(
        LabPlan.MESH,
        directory,
        LabPlan.CONTROL_ADDRESS,
        "10.96.0.0/16",
        List.of(),
        new NoPods(),
        new HostDialer(host));
  }

  /** The control plane takes longest to start, so that it begins before its members are there. */
  private Member startMesh(LinuxNetwork network) throws IOException {
    Place host = network.addHost(ControlProcess.NAME, LabPlan.CONTROL_ADDRESS);
    Member member = openMesh(host);
    closing.add(member);
    member.relay(host, LabPlan.CONTROL_ADDRESS);
    member.start();
    LabDirectory.write(
        directory.meshKubeconfig(), member.api().kubeconfig(LabPlan.MESH, member.wanServer()));
    SupervisedProcess process =
        new SupervisedProcess(
            ControlProcess.NAME,
            ControlProcess.command(plan, directory, host),
            directory.log(ControlProcess.NAME));
    parts.control(process);
    closing.add(process);
    process.start();
    return member;
  }

  private void awaitMesh(Member config, HostForwards hostForwards) throws IOException {
    hostForwards.open(
        LabPlan.MESH, ControlProcess.NAME, LabPlan.CONTROL_ADDRESS, ControlProcess.MONITORING_PORT);
    await(
        "the control plane has not defined MemberCluster",
        () -> MeshObjects.memberClusters(config, plan));
    progress.line("config API mesh, control plane at " + LabPlan.CONTROL_ADDRESS);
    await("the sidecar injector is not there", () -> MeshReadiness.injects(parts.nodes()));
    await(
        "the cross-cluster proxies are not ready",
        () -> MeshReadiness.gateways(config, parts.nodes()));
    progress.line("sidecar injection and cross-cluster proxies");
  }

  private void await(String lack, BooleanSupplier condition) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONTROL_READY_MS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "%s after %d s; its log: %s"
                .formatted(lack, CONTROL_READY_MS / 1000, directory.log(ControlProcess.NAME)));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
