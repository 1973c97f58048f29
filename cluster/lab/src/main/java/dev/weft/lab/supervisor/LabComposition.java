package dev.weft.lab.supervisor;

import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.image.BuiltInImages;
import dev.weft.lab.net.LinuxNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a lab from its plan: the network, the clusters, the mesh. What one attempt has made stays,
 * and the next goes on from it. Confined to the thread that composes, but for {@link #lacks}.
 */
final class LabComposition {
  private static final long LOOK_MS = 150;

  private final LabPlan plan;
  private final LabDirectory directory;
  private final LabParts parts;
  private final Closing closing;
  private final Progress progress;
  private final MeshModel model;
  private @Nullable Base base;
  private volatile List<String> lacks = List.of();

  /** What all clusters stand on. */
  private record Base(NodeStarter starter, LabGround ground) {}

  /**
   * @param closing gets what the lab opens, in order
   */
  LabComposition(
      LabPlan plan,
      LabDirectory directory,
      LabParts parts,
      Closing closing,
      Progress progress,
      MeshModel model) {
    this.plan = plan;
    this.directory = directory;
    this.parts = parts;
    this.closing = closing;
    this.progress = progress;
    this.model = model;
  }

  /** What is awaited now, the first thing first; from any thread. */
  List<String> lacks() {
    return lacks;
  }

  /** Returns when everything is ready, which may take as long as it takes. */
  void compose() throws IOException {
    Base ready = base();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      // Control planes take longest to start, so that they begin before their members are there.
      CompletableFuture<Boolean> mesh =
          async(
              executor,
              () -> {
                model.begin(ready.ground());
                return true;
              });
      clusters(ready, executor);
      join(mesh);
    }
    parts.writeKubeconfig();
    model.join(ready.ground());
    awaitMesh(ready.ground());
  }

  private Base base() throws IOException {
    Base present = base;
    if (present == null) {
      LinuxNetwork network = LinuxNetwork.open(plan.prefix());
      closing.add(() -> LinuxContainers.clear(plan.prefix() + "."));
      closing.add(network::destroy);
      progress.line("wan " + LinuxNetwork.WAN_RANGE);
      HostForwards forwards = new HostForwards(network.wan(), directory.forwards());
      parts.forwards(forwards);
      closing.add(forwards);
      BuiltInImages images =
          new BuiltInImages(
              containerCommand(),
              Path.of(System.getProperty("java.home")),
              Path.of(plan.libraries()),
              launcher(),
              directory.images());
      images.prepare();
      NodeStarter starter =
          cluster ->
              RunningNode.start(
                  cluster,
                  plan,
                  directory,
                  network,
                  new LinuxContainers(images.mounts(), hidden()),
                  images,
                  forwards);
      present =
          new Base(
              starter,
              new LabGround(
                  plan, directory, network.wan(), starter, forwards, parts, closing, progress));
      base = present;
    }
    return present;
  }

  /** Brings up a cluster with its node. */
  interface NodeStarter {
    RunningNode start(ClusterPlan cluster) throws IOException;
  }

  /** Starts those that are not up, all beside each other, and fails after all have been tried. */
  private void clusters(Base on, ExecutorService executor) throws IOException {
    Map<String, RunningNode> up = new LinkedHashMap<>();
    parts.clusters().forEach(each -> up.put(each.plan().name(), each));
    Map<ClusterPlan, CompletableFuture<RunningNode>> starting = new LinkedHashMap<>();
    for (ClusterPlan each : plan.clusters()) {
      if (!up.containsKey(each.name())) {
        starting.put(each, async(executor, () -> on.starter().start(each)));
      }
    }
    Optional<IOException> failure = Optional.empty();
    for (Map.Entry<ClusterPlan, CompletableFuture<RunningNode>> each : starting.entrySet()) {
      try {
        RunningNode node = join(each.getValue());
        closing.add(node);
        up.put(each.getKey().name(), node);
        progress.line(
            "%s on %s, node %s"
                .formatted(node.plan().name(), node.plan().network(), node.plan().wanAddress()));
      } catch (IOException e) {
        failure =
            Optional.of(
                new IOException("%s: %s".formatted(each.getKey().name(), e.getMessage()), e));
      }
    }
    List<RunningNode> ordered = new ArrayList<>();
    plan.clusters().stream()
        .map(c -> up.get(c.name()))
        .filter(Objects::nonNull)
        .forEach(ordered::add);
    parts.clusters(ordered);
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private void awaitMesh(LabGround ground) throws IOException {
    try {
      lacks = model.lacks(ground);
      while (!lacks.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        lacks = model.lacks(ground);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lacks = List.of();
    }
  }

  /** What containers see nothing of: this lab and others beside it, and a checkout's sources. */
  private List<Path> hidden() {
    Path labs = directory.home();
    Path program = Path.of(plan.weftCommand().getFirst());
    Path checkout = program.isAbsolute() ? launcher().getParent() : null;
    if (checkout == null || !Files.exists(checkout.resolve("pom.xml"))) {
      return List.of(labs);
    }
    return labs.startsWith(checkout) ? List.of(checkout) : List.of(labs, checkout);
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
}
