package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.image.BuiltInImages;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.net.Place;
import dev.weft.lab.object.Trees;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Composes a lab from its plan and answers for it on the control socket. */
public final class LabSupervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabSupervisor.class);
  private static final long CONTROL_READY_MS = 60_000;
  private static final long PROGRESS_WAIT_MS = 1_000;

  private final LabPlan plan;
  private final LabDirectory directory;
  private final Runnable onDown;
  private final Lines progress = new Lines();
  private final Closing closing = new Closing();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final long begun = System.nanoTime();
  private volatile List<RunningNode> nodes = List.of();
  private volatile @Nullable Member mesh;
  private volatile @Nullable HostForwards forwards;
  private volatile @Nullable SupervisedProcess control;
  private volatile String phase = "starting";
  private volatile String failure = "";
  private volatile long startMillis;

  /**
   * @param onDown called when somebody asked for the end
   */
  public LabSupervisor(LabPlan plan, LabDirectory directory, Runnable onDown) {
    this.plan = plan;
    this.directory = directory;
    this.onDown = onDown;
  }

  /** Returns when everything is ready. */
  public void start() throws IOException {
    ControlSocket socket = ControlSocket.open(directory.socket(), this::answer);
    closing.add(socket);
    try {
      compose();
      startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      phase = "ready";
      progress.line("ready after %.1f s".formatted(startMillis / 1000.0));
    } catch (IOException | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
      phase = "failed";
      throw e;
    } finally {
      progress.end();
    }
  }

  private void compose() throws IOException {
    LinuxNetwork network = LinuxNetwork.open(plan.prefix());
    closing.add(network::destroy);
    progress.line("wan 172.18.0.0/16");
    HostForwards hostForwards = new HostForwards(network.wan(), directory.forwards());
    forwards = hostForwards;
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
      nodes = List.copyOf(up);
      Optional<Member> member = join(config);
      if (member.isPresent()) {
        mesh = member.get();
        MeshObjects.write(member.get(), nodes);
      }
    }
    kubeconfig();
    Member config = mesh;
    if (config != null) {
      awaitMesh(config, hostForwards);
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
    control = process;
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
    await("the sidecar injector is not there", () -> MeshReadiness.injects(nodes));
    await("the cross-cluster proxies are not ready", () -> MeshReadiness.gateways(config, nodes));
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

  private void kubeconfig() throws IOException {
    List<String> configs = new ArrayList<>();
    for (RunningNode each : nodes) {
      configs.add(each.member().api().kubeconfig(each.plan().name(), each.member().hostServer()));
    }
    Member config = mesh;
    if (config != null) {
      configs.add(config.api().kubeconfig(LabPlan.MESH, config.hostServer()));
    }
    LabDirectory.write(
        directory.kubeconfig(), Kubeconfigs.merge(configs, plan.clusters().getFirst().name()));
  }

  private ObjectNode answer(JsonNode request) {
    String operation = request.path("op").asText();
    return switch (operation) {
      case "ping" -> Trees.object().put("phase", phase);
      case "status" -> LabStatuses.write(status());
      case "progress" -> progress(request.path("from").asInt());
      case "down" -> {
        Thread.ofPlatform().start(onDown);
        yield Trees.object().put("ok", true);
      }
      case "image" -> {
        nodes.forEach(each -> each.kubelet().imagesChanged());
        yield Trees.object().put("ok", true);
      }
      case "stop", "start", "kill" -> operate(operation, request.path("name").asText());
      default -> Trees.object().put("error", "unknown operation " + operation);
    };
  }

  private ObjectNode progress(int from) {
    ObjectNode answer = Trees.object();
    try {
      progress.after(from, PROGRESS_WAIT_MS).forEach(answer.putArray("lines")::add);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer.put("ended", progress.ended());
  }

  private ObjectNode operate(String operation, String name) {
    SupervisedProcess process = control;
    if (name.equals(ControlProcess.NAME) && process != null) {
      switch (operation) {
        case "stop" -> process.stop();
        case "start" -> process.start();
        default -> process.kill(false);
      }
      return Trees.object().put("ok", true);
    }
    for (Member each : members()) {
      if (name.equals("apiserver/" + each.name())) {
        return operate(operation, each);
      }
    }
    List<String> names = new ArrayList<>();
    if (process != null) {
      names.add(ControlProcess.NAME);
    }
    members().forEach(each -> names.add("apiserver/" + each.name()));
    return Trees.object().put("error", "there is no part %s; there are %s".formatted(name, names));
  }

  private ObjectNode operate(String operation, Member member) {
    try {
      if (operation.equals("start")) {
        member.api().start();
        kubeconfig();
      } else {
        member.api().stop();
      }
      return Trees.object().put("ok", true);
    } catch (IOException e) {
      return Trees.object().put("error", String.valueOf(e.getMessage()));
    }
  }

  private List<Member> members() {
    List<Member> result = new ArrayList<>();
    nodes.forEach(each -> result.add(each.member()));
    Member config = mesh;
    if (config != null) {
      result.add(config);
    }
    return result;
  }

  private LabStatus status() {
    List<LabStatus.Member> members = new ArrayList<>();
    List<LabStatus.Part> parts = new ArrayList<>();
    for (RunningNode each : nodes) {
      ClusterPlan cluster = each.plan();
      members.add(
          new LabStatus.Member(
              cluster.name(),
              cluster.name(),
              cluster.network(),
              cluster.nodeName(),
              cluster.wanAddress(),
              cluster.podRange(),
              cluster.serviceRange(),
              cluster.loadBalancerRanges(),
              each.member().hostServer()));
    }
    Member config = mesh;
    if (config != null) {
      members.add(
          new LabStatus.Member(
              LabPlan.MESH,
              LabPlan.MESH,
              "",
              "",
              LabPlan.CONTROL_ADDRESS,
              "",
              "",
              List.of(),
              config.hostServer()));
    }
    String log = directory.log("supervisor").toString();
    for (Member each : members()) {
      boolean up = !each.hostServer().isEmpty();
      parts.add(
          new LabStatus.Part(
              "apiserver/" + each.name(),
              up ? "running" : "stopped",
              ProcessHandle.current().pid(),
              0,
              log));
    }
    SupervisedProcess process = control;
    if (process != null) {
      SupervisedProcess.State state = process.state();
      parts.add(
          new LabStatus.Part(
              state.name(),
              state.pid() > 0 ? "running" : state.wanted() ? "restarting" : "stopped",
              state.pid(),
              state.restarts(),
              directory.log(ControlProcess.NAME).toString()));
    }
    HostForwards host = forwards;
    return new LabStatus(
        plan.name(),
        phase,
        failure,
        ProcessHandle.current().pid(),
        directory.kubeconfig().toString(),
        plan.mesh(),
        plan.isolated(),
        startMillis,
        members,
        parts,
        host == null ? List.of() : host.list());
  }

  /** Ends everything that runs; what is stored stays. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LOG.info("lab {} goes down", plan.name());
      closing.close();
    }
  }
}
