package dev.weft.lab.container;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The master side of a terminal in a container's own devpts, so that the command finds it under the
 * name that {@code tty} prints. Calls block their thread in native code: use platform threads.
 * Thread-safe; the descriptor is closed when the last call has returned.
 */
final class PseudoTerminal implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0x100;
  private static final int O_CLOEXEC = 0x80000;
  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSWINSZ = 0x5414L;
  private static final int EINTR = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      function("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), -1);
  private static final MethodHandle WRITE =
      function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), -1);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), -1);

  private final int descriptor;
  private final int number;
  private int users;
  private boolean closing;

  private PseudoTerminal(int descriptor, int number) {
    this.descriptor = descriptor;
    this.number = number;
  }

  /**
   * @param directory the devpts mount, for example {@code /proc/PID/root/dev/pts}
   */
  static PseudoTerminal open(String directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment path = arena.allocateFrom(directory + "/ptmx");
      int descriptor = (int) OPEN.invokeExact(state, path, O_RDWR | O_NOCTTY | O_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException("cannot open a terminal in " + directory + ": errno " + errno(state));
      }
      PseudoTerminal terminal = new PseudoTerminal(descriptor, 0);
      try {
        MemorySegment value = arena.allocate(JAVA_INT);
        terminal.control(arena, TIOCSPTLCK, value);
        terminal.control(arena, TIOCGPTN, value);
        return new PseudoTerminal(descriptor, value.get(JAVA_INT, 0));
      } catch (IOException e) {
        terminal.close();
        throw e;
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** The name of the other side below the devpts mount. */
  String name() {
    return Integer.toString(number);
  }

  void resize(int columns, int rows) throws IOException {
    if (!enter()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_SHORT, 4);
      size.setAtIndex(JAVA_SHORT, 0, (short) rows);
      size.setAtIndex(JAVA_SHORT, 1, (short) columns);
      control(arena, TIOCSWINSZ, size);
    } finally {
      leave();
    }
  }

  /** Blocks; -1 at the end, which is when nobody has the other side open any more. */
  int read(byte[] buffer) throws IOException {
    if (!enter()) {
      return -1;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment memory = arena.allocate(buffer.length);
      long count;
      do {
        count = (long) READ.invokeExact(state, descriptor, memory, (long) buffer.length);
      } while (count < 0 && errno(state) == EINTR);
      if (count <= 0) {
        // EIO: all have closed the other side.
        return -1;
      }
      MemorySegment.copy(memory, JAVA_BYTE, 0, buffer, 0, (int) count);
      return (int) count;
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      leave();
    }
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    if (!enter()) {
      throw new IOException("the terminal is closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment memory = arena.allocate(Math.max(1, length));
      MemorySegment.copy(bytes, from, memory, JAVA_BYTE, 0, length);
      long done = 0;
      while (done < length) {
        long count =
            (long) WRITE.invokeExact(state, descriptor, memory.asSlice(done), length - done);
        if (count < 0 && errno(state) != EINTR) {
          throw new IOException("the terminal is closed (errno " + errno(state) + ")");
        }
        done += Math.max(0, count);
      }
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      leave();
    }
  }

  @Override
  public synchronized void close() {
    if (!closing) {
      closing = true;
      closeUnused();
    }
  }

  private synchronized boolean enter() {
    if (closing) {
      return false;
    }
    users++;
    return true;
  }

  private synchronized void leave() {
    users--;
    if (closing) {
      closeUnused();
    }
  }

  private void closeUnused() {
    if (users > 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      // Linux frees the descriptor whatever close answers.
      int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void control(Arena arena, long request, MemorySegment argument) throws IOException {
    try {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) IOCTL.invokeExact(state, descriptor, request, argument);
      if (result < 0) {
        throw new IOException(
            "the terminal refuses request " + request + ": errno " + errno(state));
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static IOException failure(Throwable e) {
    return switch (e) {
      case IOException io -> io;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      default -> throw new IllegalStateException(e);
    };
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /**
   * @param variadicFrom the first argument of a variable list, negative for none
   */
  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, int variadicFrom) {
    Linker.Option errno = Linker.Option.captureCallState("errno");
    Linker.Option[] options =
        variadicFrom < 0
            ? new Linker.Option[] {errno}
            : new Linker.Option[] {errno, Linker.Option.firstVariadicArg(variadicFrom)};
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
