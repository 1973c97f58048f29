package dev.weft.lab.container;

import dev.weft.apiserver.PodBackend;
import dev.weft.lab.net.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Runs containers: processes in the namespace of their pod, with a root of their own (an overlay
 * over the host's), their own process ids and their own mounts.
 */
public interface ContainerRuntime {

  /**
   * Starts a container.
   *
   * @throws IOException that says what could not be started and why
   */
  Container start(Spec spec) throws IOException;

  /**
   * What to start.
   *
   * @param id unique for each start, used for the container's directory
   * @param directory scratch of this container on the host; removed by the caller
   * @param command complete: entrypoint and arguments with all variables replaced
   * @param environment complete
   * @param mounts later ones may lie inside earlier ones
   * @param security who it is and what it may change
   * @param hostname as the pod sees it
   * @param resolvConf content of /etc/resolv.conf
   * @param hosts content of /etc/hosts
   * @param input whether there is anything to read on standard input
   * @param memoryBytes the most that it may have; 0 for no limit
   * @param log where both outputs go, each line as {@code <RFC 3339 nanos> stdout|stderr F <text>}
   */
  record Spec(
      String id,
      Path directory,
      Place network,
      List<String> command,
      Map<String, String> environment,
      String workingDirectory,
      List<Mount> mounts,
      Security security,
      String hostname,
      String resolvConf,
      String hosts,
      Input input,
      long memoryBytes,
      Path log) {}

  /** What a container reads on standard input. */
  enum Input {
    /** Its end at once. */
    NONE,
    /** What those write who attach to it. */
    OPEN,
    /** What the first one writes who attaches to it. */
    ONCE
  }

  /**
   * Who a container is and what it may change.
   *
   * @param user numeric, 0 for root
   * @param group numeric
   * @param groups further ones
   * @param readOnlyRoot whether only its volumes can be written to
   */
  record Security(int user, int group, List<Integer> groups, boolean readOnlyRoot) {
    public Security {
      groups = List.copyOf(groups);
    }

    /** Root, with a root that can be written to. */
    public static final Security ROOT = new Security(0, 0, List.of(), false);
  }

  /** A directory or file of the host that the container sees at a path. */
  record Mount(Path source, String target, boolean readOnly) {}

  /** A container that was started. */
  interface Container {
    /** The process id on the host. */
    long pid();

    boolean running();

    /** Whether its limit of memory is kept: not every machine lets us see to that. */
    boolean limited();

    /** Once it has ended: whether that was for want of memory. */
    boolean outOfMemory();

    /** Exit code, 128 + signal where a signal ended it. Completes on a thread of the runtime. */
    CompletableFuture<Integer> exit();

    /** SIGTERM now, SIGKILL after the grace period; returns at once. */
    void stop(int graceSeconds);

    /** Runs a command inside. The environment is the container's. */
    PodBackend.Exec exec(PodBackend.ExecRequest request) throws IOException;

    /** Joins its streams. Where it has no standard input, what is written goes nowhere. */
    PodBackend.Exec attach(PodBackend.AttachRequest request);
  }
}
