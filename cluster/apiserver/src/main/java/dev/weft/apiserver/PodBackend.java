package dev.weft.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** What the API server asks the node of a pod for: the sub-resources that are streams. */
public interface PodBackend {

  /**
   * Starts a command in a running container.
   *
   * @throws ApiException 404 where there is no such pod or container, 409 where it does not run
   */
  Exec exec(String namespace, String pod, String container, ExecRequest request);

  /**
   * Joins the streams of a container that runs already. {@link Exec#exitCode} returns 0 when the
   * container ends, and closing leaves the container running.
   *
   * @throws ApiException 404 where there is no such pod or container, 409 where it does not run,
   *     501 where this node cannot attach
   */
  default Exec attach(String namespace, String pod, String container, AttachRequest request) {
    throw new ApiException(
        501,
        "NotImplemented",
        "the node of pod "
            + pod
            + " does not attach to containers: use kubectl logs -f to read, kubectl exec to write");
  }

  /**
   * Writes the log of a container and returns at its end; with {@code follow} it goes on until the
   * container is gone or the stream fails.
   *
   * @throws ApiException 404 where there is no such pod or container, 400 where it never started
   */
  void logs(String namespace, String pod, LogRequest request, OutputStream out) throws IOException;

  /** Connects to a TCP port of the pod, as seen on the pod's own loopback. */
  Connection connect(String namespace, String pod, int port) throws IOException;

  /** What to run. With {@code tty} standard error is merged into standard output. */
  record ExecRequest(List<String> command, boolean stdin, boolean tty) {}

  /** What to join. With {@code tty} standard error is merged into standard output. */
  record AttachRequest(boolean stdin, boolean tty) {}

  /**
   * Which part of a log.
   *
   * @param container empty for the default container
   * @param tailLines negative for all
   * @param sinceSeconds negative for all
   */
  record LogRequest(
      String container,
      boolean follow,
      boolean previous,
      int tailLines,
      int sinceSeconds,
      boolean timestamps) {}

  /** A running command. Closing kills it. */
  interface Exec extends AutoCloseable {
    OutputStream stdin();

    InputStream stdout();

    InputStream stderr();

    /** Characters of the terminal; ignored without a tty. */
    void resize(int columns, int rows);

    /** Waits for the end; 128 + signal for a command that a signal ended. */
    int exitCode() throws InterruptedException;

    @Override
    void close();
  }

  /** A byte stream to a port of a pod. */
  interface Connection extends AutoCloseable {
    InputStream in();

    OutputStream out();

    @Override
    void close();
  }
}
