package dev.weft.apiserver.server;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A node whose pods are this machine: commands run here, ports are its loopback. */
final class FakePods implements PodBackend {
  @Override
  public Exec exec(String namespace, String pod, String container, ExecRequest request) {
    try {
      Process process =
          new ProcessBuilder(request.command()).redirectErrorStream(request.tty()).start();
      return new ProcessExec(process);
    } catch (IOException e) {
      throw new ApiException(500, "InternalError", e.toString());
    }
  }

  /** A container that greets who comes and repeats what they say. */
  @Override
  public Exec attach(String namespace, String pod, String container, AttachRequest request) {
    return exec(
        namespace,
        pod,
        container,
        new ExecRequest(List.of("sh", "-c", "echo welcome; cat"), request.stdin(), request.tty()));
  }

  @Override
  public void logs(String namespace, String pod, LogRequest request, OutputStream out)
      throws IOException {
    String text = "log of " + pod + "/" + request.container() + " tail " + request.tailLines();
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Connection connect(String namespace, String pod, int port) throws IOException {
    return new SocketConnection(new Socket("127.0.0.1", port));
  }

  private record ProcessExec(Process process) implements Exec {
    @Override
    public OutputStream stdin() {
      return process.getOutputStream();
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
    public void resize(int columns, int rows) {}

    @Override
    public int exitCode() throws InterruptedException {
      return process.waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private record SocketConnection(Socket socket) implements Connection {
    @Override
    public InputStream in() {
      try {
        return socket.getInputStream();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public OutputStream out() {
      try {
        return socket.getOutputStream();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
