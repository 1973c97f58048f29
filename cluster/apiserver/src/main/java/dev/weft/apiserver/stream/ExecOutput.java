package dev.weft.apiserver.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.PodBackend;
import dev.weft.apiserver.document.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what a command writes, and how it ends, to a client. */
final class ExecOutput {
  private static final Logger LOG = LoggerFactory.getLogger(ExecOutput.class);
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;
  static final int ERROR = 3;
  static final int RESIZE = 4;

  /** Where the channels of a command end up. */
  interface Sink {
    void send(int channel, byte[] bytes, int offset, int length) throws IOException;

    /** Nothing follows. */
    void end() throws IOException;
  }

  private ExecOutput() {}

  /** Returns when the command has ended and everything is sent. */
  static void run(PodBackend.Exec exec, boolean tty, Sink sink) {
    try {
      Thread stdout = pump(exec.stdout(), STDOUT, sink);
      Optional<Thread> stderr =
          tty ? Optional.empty() : Optional.of(pump(exec.stderr(), STDERR, sink));
      int code = exec.exitCode();
      stdout.join();
      if (stderr.isPresent()) {
        stderr.get().join();
      }
      byte[] status = Json.bytes(status(code));
      sink.send(ERROR, status, 0, status.length);
      sink.end();
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("the client left: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread pump(InputStream in, int channel, Sink sink) {
    return Thread.ofVirtual()
        .name("exec-channel-" + channel)
        .start(
            () -> {
              byte[] buffer = new byte[8192];
              try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                  sink.send(channel, buffer, 0, count);
                }
              } catch (IOException | UncheckedIOException e) {
                LOG.debug("channel {} ended: {}", channel, e.getMessage());
              }
            });
  }

  /** What the error channel says at the end ({@code v4.channel.k8s.io} and later). */
  static ObjectNode status(int code) {
    ObjectNode status = Json.object();
    status.putObject("metadata");
    if (code == 0) {
      return status.put("status", "Success");
    }
    status
        .put("status", "Failure")
        .put("message", "command terminated with non-zero exit code: exit status " + code)
        .put("reason", "NonZeroExitCode");
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(code));
    return status;
  }
}
