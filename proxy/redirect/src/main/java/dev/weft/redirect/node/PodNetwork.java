package dev.weft.redirect.node;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/**
 * Does something inside the network of another process. A network namespace belongs to a thread, so
 * the work gets a platform thread of its own, which ends with it; the processes that it starts are
 * born there.
 */
final class PodNetwork {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_CLOEXEC = 0x80000;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private PodNetwork() {}

  /**
   * Runs work in a network.
   *
   * @param network such as {@code /proc/1234/ns/net}
   * @param still asked when the network is held: whether the process is still the one that was
   *     meant, since its number may have gone to another
   * @throws IOException where the network cannot be entered
   */
  static void in(Path network, BooleanSupplier still, Runnable work)
      throws IOException, InterruptedException {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              enter(network, still);
              work.run();
              return true;
            });
    Thread.ofPlatform().name("network " + network).daemon().start(task);
    try {
      task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case IllegalStateException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static void enter(Path network, BooleanSupplier still) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int held = (int) OPEN.invokeExact(state, arena.allocateFrom(network.toString()), O_CLOEXEC);
      if (held < 0) {
        throw refused("opened", "SYS_PTRACE", network, state);
      }
      try {
        if (!still.getAsBoolean()) {
          throw new IOException(network + " is another process's by now");
        }
        int entered = (int) SETNS.invokeExact(state, held, CLONE_NEWNET);
        if (entered < 0) {
          throw refused("entered", "SYS_ADMIN", network, state);
        }
      } finally {
        int closed = (int) CLOSE.invokeExact(state, held);
        assert closed == 0;
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static IOException refused(
      String what, String capability, Path network, MemorySegment state) {
    return new IOException(
        "%s cannot be %s (errno %d): this needs hostPID and the capability %s"
            .formatted(network, what, (int) ERRNO.get(state, 0L), capability));
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
  }
}
