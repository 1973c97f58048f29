package dev.weft.redirect.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;

/** {@code weft redirect-node}: the process of the DaemonSet {@code istio-cni-node}. */
public final class NodeCommand {
  private static final String READY_FILE = "--ready-file=";

  private NodeCommand() {}

  /**
   * Runs until it is told to end.
   *
   * @throws IllegalStateException outside of a pod
   * @throws IllegalArgumentException for flags that do not exist
   */
  public static int run(List<String> args, Map<String, String> environment) {
    String node = environment.getOrDefault("KUBERNETES_NODE_NAME", "");
    if (node.isEmpty()) {
      throw new IllegalStateException(
          "redirect-node: KUBERNETES_NODE_NAME is not set; this runs in a pod (chart cni)");
    }
    PodFeed.Readiness readiness = _ -> {};
    for (String arg : args) {
      if (!arg.startsWith(READY_FILE)) {
        throw new IllegalArgumentException(
            "redirect-node takes " + READY_FILE + "FILE, not " + arg);
      }
      Path file = Path.of(arg.substring(READY_FILE.length()));
      readiness = known -> mark(file, known);
    }
    BlockingQueue<PodEvent> events = new LinkedBlockingQueue<>();
    try (ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())) {
      PodFeed feed = new PodFeed(ApiServerAccess.of(environment), node, events, readiness, clock);
      Thread.ofPlatform().name("pods").daemon().start(() -> follow(feed));
      new NodeRedirect(events, new Processes(Path.of("/proc"))).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void follow(PodFeed feed) {
    try {
      feed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The file is there while the pods of the node are known: the readiness probe asks for it. */
  private static void mark(Path file, boolean known) {
    try {
      if (known) {
        Files.writeString(file, "");
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
