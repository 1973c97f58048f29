package dev.weft.lab.container;

import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Somebody who has joined the streams of a container; the container does not end with it. */
final class Attached implements PodBackend.Exec {
  private static final Logger LOG = LoggerFactory.getLogger(Attached.class);

  private final OutputStream stdin;
  private final InputStream stdout;
  private final InputStream stderr;
  private final boolean lastInput;
  private final CompletableFuture<Integer> end;

  /**
   * @param stdin of the container, or one that takes everything
   * @param lastInput whether the container's input ends with this
   * @param end of the container
   */
  Attached(
      OutputStream stdin,
      boolean lastInput,
      InputStream stdout,
      InputStream stderr,
      CompletableFuture<Integer> end) {
    this.stdin = stdin;
    this.lastInput = lastInput;
    this.stdout = stdout;
    this.stderr = stderr;
    this.end = end;
  }

  /** Closing it does not end the container's input, unless that is for one attachment only. */
  @Override
  public OutputStream stdin() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        stdin.write(b);
        stdin.flush();
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        stdin.write(bytes, from, length);
        stdin.flush();
      }

      @Override
      public void close() throws IOException {
        if (lastInput) {
          stdin.close();
        }
      }
    };
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  @Override
  public InputStream stderr() {
    return stderr;
  }

  @Override
  public void resize(int columns, int rows) {
    // Containers of a lab have no terminal.
  }

  @Override
  public int exitCode() throws InterruptedException {
    try {
      end.get();
    } catch (ExecutionException e) {
      LOG.debug("the container ended", e);
    }
    return 0;
  }

  @Override
  public void close() {
    try {
      stdout.close();
      stderr.close();
      if (lastInput) {
        stdin.close();
      }
    } catch (IOException e) {
      LOG.debug("detaching", e);
    }
  }
}
