package dev.weft.lab.container;

import dev.weft.apiserver.ChunkInputStream;
import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * A command in a container on a terminal. The terminal is read and written by two platform threads,
 * since a virtual thread that blocks in native code would hold its carrier.
 */
final class TerminalExec implements PodBackend.Exec {
  private static final byte[] END = {};

  private final Process process;
  private final PseudoTerminal terminal;
  private final BlockingQueue<byte[]> output = new ArrayBlockingQueue<>(64);
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("terminal writer").daemon().factory());
  private final boolean takesInput;

  private TerminalExec(Process process, PseudoTerminal terminal, boolean takesInput) {
    this.process = process;
    this.terminal = terminal;
    this.takesInput = takesInput;
  }

  static TerminalExec start(
      ContainerRuntime.Spec spec, long pid, String members, PodBackend.ExecRequest request)
      throws IOException {
    String directory = "/proc/" + pid + "/root/dev/pts";
    PseudoTerminal terminal = PseudoTerminal.open(directory);
    try {
      String other = directory + "/" + terminal.name();
      Files.setAttribute(Path.of(other), "unix:uid", spec.security().user());
      Process process =
          HostProcesses.entering(spec, pid, members, other, request.command()).start();
      TerminalExec exec = new TerminalExec(process, terminal, request.stdin());
      Thread.ofPlatform().name("terminal reader").daemon().start(exec::pump);
      return exec;
    } catch (IOException e) {
      terminal.close();
      throw e;
    }
  }

  @Override
  public OutputStream stdin() {
    return takesInput ? new Input() : OutputStream.nullOutputStream();
  }

  @Override
  public InputStream stdout() {
    return new ChunkInputStream(output::take);
  }

  @Override
  public InputStream stderr() {
    return InputStream.nullInputStream();
  }

  @Override
  public void resize(int columns, int rows) {
    try {
      terminal.resize(columns, rows);
    } catch (IOException e) {
      // The command has ended: there is no terminal left to have a size.
      terminal.close();
    }
  }

  @Override
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    HostProcesses.kill(process);
    writer.shutdown();
    terminal.close();
    output.clear();
    output.offer(END);
  }

  private void pump() {
    byte[] buffer = new byte[8192];
    try {
      int read = terminal.read(buffer);
      while (read > 0) {
        output.put(Arrays.copyOf(buffer, read));
        read = terminal.read(buffer);
      }
      output.put(END);
    } catch (IOException e) {
      output.offer(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is typed. Closing does not close a terminal. */
  private final class Input extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      byte[] copy = Arrays.copyOfRange(bytes, from, from + length);
      try {
        writer
            .submit(
                () -> {
                  terminal.write(copy, 0, copy.length);
                  return true;
                })
            .get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while writing to a terminal", e);
      } catch (ExecutionException | RejectedExecutionException e) {
        throw new IOException("the terminal is closed", e);
      }
    }
  }
}
