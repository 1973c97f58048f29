package dev.weft.lab.container;

import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container whose command runs: a shell of the host, which waits, and its child, the first
 * process.
 */
final class LinuxContainer implements ContainerRuntime.Container {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxContainer.class);
  private static final int SMALL_STACK = 128 << 10;
  private static final int SIGTERM = 15;

  private final ContainerRuntime.Spec spec;
  private final Process parent;
  private final ProcessHandle first;
  private final Attachments outputs = new Attachments();
  private final Attachments errors = new Attachments();
  private final Optional<MemoryGroup> memory;
  private volatile boolean exhausted;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private LinuxContainer(
      ContainerRuntime.Spec spec,
      Process parent,
      ProcessHandle first,
      Optional<MemoryGroup> memory) {
    this.spec = spec;
    this.parent = parent;
    this.first = first;
    this.memory = memory;
  }

  /** The log and the control group are closed with the container. */
  static LinuxContainer attach(
      ContainerRuntime.Spec spec, Process parent, CriLog log, Optional<MemoryGroup> memory)
      throws IOException {
    // A command may end at once; its process is gone then, and its number means nothing any more.
    ProcessHandle first = firstChild(parent.pid()).orElse(parent.toHandle());
    LinuxContainer container = new LinuxContainer(spec, parent, first, memory);
    Thread stdout = container.pump("stdout", container.outputs.tee(parent.getInputStream()), log);
    Thread stderr = container.pump("stderr", container.errors.tee(parent.getErrorStream()), log);
    Thread.ofVirtual().start(() -> container.awaitEnd(stdout, stderr, log));
    return container;
  }

  @Override
  public long pid() {
    return first.pid();
  }

  @Override
  public boolean running() {
    return !exit.isDone();
  }

  @Override
  public boolean limited() {
    return memory.isPresent();
  }

  @Override
  public boolean outOfMemory() {
    return exhausted;
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  /**
   * The first process of a process namespace does not get signals it has no handler for. Where it
   * has none for SIGTERM, waiting would change nothing, so that it is killed at once.
   */
  @Override
  public void stop(int graceSeconds) {
    if (graceSeconds <= 0 || !handlesTermination()) {
      first.destroyForcibly();
      return;
    }
    first.destroy();
    exit.copy()
        .orTimeout(graceSeconds, TimeUnit.SECONDS)
        .whenComplete(
            (code, late) -> {
              if (late != null) {
                first.destroyForcibly();
              }
            });
  }

  @Override
  public PodBackend.Exec exec(PodBackend.ExecRequest request) throws IOException {
    if (!running() || !first.isAlive()) {
      throw new IOException("the container " + spec.id() + " does not run");
    }
    if (request.command().isEmpty()) {
      throw new IOException("exec in " + spec.id() + " needs a command");
    }
    return request.tty()
        ? TerminalExec.start(spec, first.pid(), members(), request)
        : PipeExec.start(spec, first.pid(), members(), request);
  }

  /** With a terminal there is one output, as there. */
  @Override
  public PodBackend.Exec attach(PodBackend.AttachRequest request) {
    boolean reads = request.stdin() && spec.input() != ContainerRuntime.Input.NONE;
    Attachments.Listener out = outputs.listen();
    InputStream err = request.tty() ? errors.into(out) : errors.listen();
    var unused =
        exit.whenComplete(
            (code, failure) -> {
              outputs.end();
              errors.end();
            });
    return new Attached(
        reads ? parent.getOutputStream() : OutputStream.nullOutputStream(),
        reads && spec.input() == ContainerRuntime.Input.ONCE,
        out,
        err,
        exit);
  }

  /** What somebody writes their number to who joins the container; empty for nothing. */
  private String members() {
    return memory.map(group -> group.members().toString()).orElse("");
  }

  private boolean handlesTermination() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + first.pid() + "/status"))) {
        if (line.startsWith("SigCgt:")) {
          long caught = Long.parseUnsignedLong(line.substring(7).strip(), 16);
          return (caught >> (SIGTERM - 1) & 1) == 1;
        }
      }
    } catch (IOException e) {
      // It has ended just now.
      return false;
    }
    return true;
  }

  private Thread pump(String stream, InputStream in, CriLog log) {
    return Thread.ofPlatform()
        .name(stream + " of " + spec.id())
        .stackSize(SMALL_STACK)
        .daemon()
        .start(
            () -> {
              try (in) {
                log.copy(stream, in);
              } catch (IOException e) {
                LOG.debug("reading {} of {} ended", stream, spec.id(), e);
              }
            });
  }

  private void awaitEnd(Thread stdout, Thread stderr, CriLog log) {
    int code = 128;
    try {
      code = parent.waitFor();
      stdout.join();
      stderr.join();
      log.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the log {} could not be closed", spec.log(), e);
    } finally {
      exhausted = code != 0 && memory.map(MemoryGroup::exhausted).orElse(false);
      exit.complete(code);
      memory.ifPresent(MemoryGroup::close);
    }
  }

  private static Optional<ProcessHandle> firstChild(long pid) throws IOException {
    Path children = Path.of("/proc/" + pid + "/task/" + pid + "/children");
    if (Files.exists(children)) {
      String text = Files.readString(children).strip();
      return text.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(text.split(" ")[0]));
    }
    return ProcessHandle.of(pid).flatMap(handle -> handle.children().findFirst());
  }
}
