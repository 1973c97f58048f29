package dev.weft.lab.container;

import dev.weft.apiserver.PodBackend;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A command in a container whose streams are pipes. */
final class PipeExec implements PodBackend.Exec {
  private final Process process;
  private final OutputStream stdin;

  private PipeExec(Process process, OutputStream stdin) {
    this.process = process;
    this.stdin = stdin;
  }

  static PipeExec start(
      ContainerRuntime.Spec spec, long pid, String members, PodBackend.ExecRequest request)
      throws IOException {
    ProcessBuilder builder = HostProcesses.entering(spec, pid, members, "", request.command());
    if (request.stdin()) {
      builder.redirectInput(ProcessBuilder.Redirect.PIPE);
    }
    Process process = builder.start();
    return new PipeExec(
        process,
        request.stdin()
            ? new Unbuffered(process.getOutputStream())
            : OutputStream.nullOutputStream());
  }

  /** What is typed reaches the command at once. */
  private static final class Unbuffered extends FilterOutputStream {
    Unbuffered(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      out.flush();
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      out.flush();
    }
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return process.getInputStream();
  }

  @Override
  public InputStream stderr() {
    return process.getErrorStream();
  }

  @Override
  public void resize(int columns, int rows) {
    // Pipes have no size.
  }

  @Override
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    HostProcesses.kill(process);
  }
}
