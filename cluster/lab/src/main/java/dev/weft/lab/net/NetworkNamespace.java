package dev.weft.lab.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs work inside a named network namespace. A namespace belongs to a thread, so each piece of
 * work gets a platform thread of its own that ends with it: nothing has to be switched back, and no
 * virtual thread is ever carried by a thread that was moved. What a socket is opened in it keeps.
 */
final class NetworkNamespace {
  /**
   * Where the names are. Not /run/netns: the first {@code ip netns add} of anybody mounts that
   * directory over itself, after which names in it are hidden or cannot be removed.
   */
  static final Path DIRECTORY = Path.of("/run/weft-netns");

  private static final int CLONE_NEWNET = 0x40000000;
  private static final int MS_BIND = 0x1000;
  private static final int MNT_DETACH = 2;
  private static final int EPERM = 1;

  /** More than anybody mounts on one name. */
  private static final int MAX_LAYERS = 64;

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
  private static final MethodHandle UNSHARE =
      function("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle MOUNT =
      function(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle UMOUNT =
      function("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  private NetworkNamespace() {}

  /** The file that holds the namespace of a name. */
  static Path file(String name) {
    return DIRECTORY.resolve(name);
  }

  /** Whether there is a namespace under the name. */
  static boolean exists(String name) {
    return Files.exists(file(name));
  }

  /**
   * Makes a namespace under a name.
   *
   * @throws FileAlreadyExistsException where the name is taken
   */
  static void create(String name) throws IOException {
    Path file = file(name);
    // The last lab that goes takes the directory away, perhaps between these two.
    for (int tries = 0; ; tries++) {
      Files.createDirectories(DIRECTORY);
      try {
        Files.createFile(file);
        break;
      } catch (NoSuchFileException e) {
        if (tries == MAX_LAYERS) {
          throw e;
        }
      }
    }
    try {
      onThread(name, () -> hold(file));
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Lets go of a namespace, however often it was mounted on its name. */
  static void remove(String name) throws IOException {
    Path file = file(name);
    for (int layer = 0; layer < MAX_LAYERS && mounted(file); layer++) {
      unmount(file);
    }
    Files.deleteIfExists(file);
  }

  /** Takes the directory away where no name is left. */
  static void tidy() throws IOException {
    try {
      Files.deleteIfExists(DIRECTORY);
    } catch (DirectoryNotEmptyException e) {
      // other labs run
      return;
    }
  }

  private static boolean mounted(Path file) throws IOException {
    try {
      return !Files.getAttribute(file, "unix:dev")
          .equals(Files.getAttribute(DIRECTORY, "unix:dev"));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static boolean hold(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int unshared = (int) UNSHARE.invokeExact(state, CLONE_NEWNET);
      if (unshared < 0) {
        throw refused("make", file, errno(state));
      }
      int mounted =
          (int)
              MOUNT.invokeExact(
                  state,
                  arena.allocateFrom("/proc/thread-self/ns/net"),
                  arena.allocateFrom(file.toString()),
                  MemorySegment.NULL,
                  (long) MS_BIND,
                  MemorySegment.NULL);
      if (mounted < 0) {
        throw refused("hold", file, errno(state));
      }
      return true;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unmount(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int done = (int) UMOUNT.invokeExact(state, arena.allocateFrom(file.toString()), MNT_DETACH);
      if (done < 0) {
        throw refused("let go of", file, errno(state));
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static IOException refused(String what, Path file, int errno) {
    return new IOException(
        "Cannot %s the network namespace %s (errno %d)%s"
            .formatted(
                what,
                file,
                errno,
                errno == EPERM
                    ? ": run as root, or in a user namespace with a tmpfs on /run"
                        + " (unshare --user --map-auto --map-root-user --mount)"
                    : ""));
  }

  /** Must not start threads: they would be born in the namespace. */
  static <T> T call(String name, Callable<T> work) throws IOException {
    return onThread(
        name,
        () -> {
          enter(name);
          return work.call();
        });
  }

  private static <T> T onThread(String name, Callable<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("netns " + name).daemon().start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted in the network namespace " + name, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("Failed in the network namespace " + name, e.getCause());
    }
  }

  /** Writes kernel settings of the namespace; those that this kernel does not have are left out. */
  static void settings(String name, Map<String, String> values) throws IOException {
    call(
        name,
        () -> {
          for (Map.Entry<String, String> setting : values.entrySet()) {
            Path file = Path.of("/proc/sys/net", setting.getKey());
            if (Files.exists(file)) {
              write(file, setting.getValue(), name);
            }
          }
          return true;
        });
  }

  private static void write(Path file, String value, String name) throws IOException {
    try {
      Files.writeString(file, value);
    } catch (IOException e) {
      throw new IOException(
          "Cannot set " + file + " to \"" + value + "\" in " + name + ": " + e.getMessage(), e);
    }
  }

  private static void enter(String name) throws IOException {
    Path path = file(name);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int descriptor =
          (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), O_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException(
            "There is no network namespace " + path + " (errno " + errno(state) + ")");
      }
      int entered = (int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET);
      int error = errno(state);
      int closed = (int) CLOSE.invokeExact(state, descriptor);
      if (entered < 0 || closed < 0) {
        throw new IOException(
            "Cannot enter the network namespace "
                + path
                + " (errno "
                + error
                + "); this needs root");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
  }
}
