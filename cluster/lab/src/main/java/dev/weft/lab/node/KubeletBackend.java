package dev.weft.lab.node;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves exec, attach, logs and port-forward from the pods of a {@link Kubelet}. The API server
 * exists before its node does, so that the kubelet is set later.
 */
public final class KubeletBackend implements PodBackend {
  private static final Logger LOG = LoggerFactory.getLogger(KubeletBackend.class);
  private static final int CONNECT_MS = 5_000;

  private final AtomicReference<Optional<Kubelet>> kubelet =
      new AtomicReference<>(Optional.empty());

  /** From now on pods are served. */
  public void serve(Kubelet node) {
    kubelet.set(Optional.of(node));
  }

  private PodWorker worker(String namespace, String pod) {
    return kubelet
        .get()
        .flatMap(k -> k.find(namespace, pod))
        .orElseThrow(
            () ->
                new ApiException(
                    404,
                    "NotFound",
                    "pods \"%s\" does not run on the node: it has no containers yet or they are gone"
                        .formatted(pod)));
  }

  private static String container(PodWorker worker, String asked) {
    String name = asked.isEmpty() ? worker.pod().defaultContainer() : asked;
    if (worker.pod().container(name).isEmpty()) {
      throw new ApiException(
          404,
          "NotFound",
          "container %s is not valid for pod %s; it has %s"
              .formatted(
                  name,
                  worker.pod().name(),
                  worker.pod().containers().stream().map(PodSpec.ContainerSpec::name).toList()));
    }
    return name;
  }

  private static RunningContainer running(PodWorker worker, String name) {
    return worker
        .running(name)
        .orElseThrow(
            () ->
                new ApiException(
                    409,
                    "Conflict",
                    "container %s of pod %s/%s does not run"
                        .formatted(name, worker.pod().namespace(), worker.pod().name())));
  }

  @Override
  public Exec exec(String namespace, String pod, String container, ExecRequest request) {
    PodWorker worker = worker(namespace, pod);
    RunningContainer running = running(worker, container(worker, container));
    try {
      return running.process().exec(request);
    } catch (IOException e) {
      throw new ApiException(
          500, "InternalError", "exec in %s/%s: %s".formatted(namespace, pod, e.getMessage()));
    }
  }

  @Override
  public Exec attach(String namespace, String pod, String container, AttachRequest request) {
    PodWorker worker = worker(namespace, pod);
    return running(worker, container(worker, container)).process().attach(request);
  }

  @Override
  public void logs(String namespace, String pod, LogRequest request, OutputStream out)
      throws IOException {
    PodWorker worker = worker(namespace, pod);
    String name = container(worker, request.container());
    Optional<RunningContainer> running = worker.running(name);
    Path logs = worker.logs();
    int latest = running.map(RunningContainer::run).orElseGet(() -> latest(logs, name));
    int run = request.previous() ? latest - 1 : latest;
    Path file = LogFiles.file(logs, name, run);
    if (run < 0 || !Files.exists(file)) {
      throw new ApiException(
          400,
          "BadRequest",
          request.previous()
              ? "previous terminated container \"%s\" in pod \"%s\" not found".formatted(name, pod)
              : "container \"%s\" in pod \"%s\" is waiting to start".formatted(name, pod));
    }
    Instant since =
        request.sinceSeconds() < 0
            ? Instant.EPOCH
            : worker.now().minusSeconds(request.sinceSeconds());
    String id = running.map(RunningContainer::id).orElse("");
    try {
      LogFiles.copy(
          file,
          request,
          since,
          () ->
              !request.previous()
                  && worker.running(name).filter(r -> r.id().equals(id)).isPresent(),
          out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int latest(Path logs, String container) {
    int run = -1;
    while (Files.exists(LogFiles.file(logs, container, run + 1))) {
      run++;
    }
    return run;
  }

  @Override
  public Connection connect(String namespace, String pod, int port) throws IOException {
    PodWorker worker = worker(namespace, pod);
    SocketChannel channel =
        worker
            .place()
            .orElseThrow(
                () -> new ApiException(409, "Conflict", "pod " + pod + " has no network yet"))
            .connect("127.0.0.1", port, CONNECT_MS);
    InputStream in = Channels.newInputStream(channel);
    OutputStream out = Channels.newOutputStream(channel);
    return new Connection() {
      @Override
      public InputStream in() {
        return in;
      }

      @Override
      public OutputStream out() {
        return out;
      }

      @Override
      public void close() {
        try {
          channel.close();
        } catch (IOException e) {
          LOG.debug("closing a forwarded connection: {}", e.toString());
        }
      }
    };
  }
}
