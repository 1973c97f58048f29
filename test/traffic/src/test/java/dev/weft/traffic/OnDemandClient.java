package dev.weft.traffic;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.demand.Demands;
import dev.weft.proxy.xds.Asker;
import dev.weft.proxy.xds.ConfigJournal;
import dev.weft.proxy.xds.ConfigSession;
import dev.weft.proxy.xds.Dialer;
import dev.weft.proxy.xds.GrpcCall;
import dev.weft.proxy.xds.GrpcStatus;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.testkit.Settle;
import dev.weft.xds.Resources;
import dev.weft.xds.ServerStream;
import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client whose proxy asks for what it needs, and what it asks: the stream between them is the
 * control plane's own, with nothing but a queue in between.
 */
final class OnDemandClient implements AutoCloseable {
  private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1);
  private final Supplier<Resources> mesh;
  private final TreeSet<String> asked = new TreeSet<>();
  private final LiveProxy proxy;
  private final Demands demands;
  private final Client client;
  private final ConfigSession session;
  private boolean away;
  private ServerStream stream = new ServerStream(StreamForm.INCREMENTAL);
  private GrpcCall.@Nullable Handler handler;

  /**
   * Starts the proxy and waits until it is ready.
   *
   * @param mesh what there is for this proxy now
   * @param journal where the proxy keeps what it has
   */
  OnDemandClient(
      Client client, LiveProxy proxy, Demands demands, Supplier<Resources> mesh, Path journal) {
    this.client = client;
    this.proxy = proxy;
    this.demands = demands;
    this.mesh = mesh;
    loop.setRemoveOnCancelPolicy(true);
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    session =
        new ConfigSession(
            loop,
            this::dial,
            proxy.introduction(),
            new ConfigJournal(journal),
            new Asker(demands, true, "default.svc.cluster.local"),
            new SplittableRandom(1),
            proxy::serve);
  }

  /** Without a control plane from the beginning. */
  OnDemandClient alone() {
    away = true;
    return this;
  }

  OnDemandClient start() {
    session.start();
    Settle.until("the proxy is ready", session::ready);
    return this;
  }

  private Dialer.Stream dial(GrpcCall.Handler answers) {
    if (away) {
      loop.execute(() -> answers.closed(new GrpcStatus(14, "away")));
      return new Connection(answers);
    }
    handler = answers;
    stream = new ServerStream(StreamForm.INCREMENTAL);
    loop.execute(answers::opened);
    return new Connection(answers);
  }

  private final class Connection implements Dialer.Stream {
    private final GrpcCall.Handler answers;

    Connection(GrpcCall.Handler answers) {
      this.answers = answers;
    }

    @Override
    public void send(byte[] message) {
      loop.execute(
          () -> {
            if (answers == handler) {
              hear(message);
            }
          });
    }

    @Override
    public void cancel(String reason) {}
  }

  private void hear(byte[] message) {
    try {
      DeltaDiscoveryRequest request = DeltaDiscoveryRequest.parseFrom(message);
      String type = XdsType.ofUrl(request.getTypeUrl()).orElseThrow().shortName();
      request.getResourceNamesSubscribeList().forEach(name -> asked.add(type + " " + name));
      stream.on(request);
      push();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void push() {
    GrpcCall.Handler answers = handler;
    for (StreamResponse response : stream.push(mesh.get())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        response.writeTo(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (answers != null) {
        answers.message(bytes.toByteArray());
      }
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.submit(task).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The mesh has changed, and the proxy is told. */
  void changed() {
    onLoop(
        () -> {
          stream.anythingMayHaveChanged();
          push();
        });
  }

  /** The control plane goes away and does not come back. */
  void leave() {
    onLoop(
        () -> {
          away = true;
          GrpcCall.Handler gone = handler;
          handler = null;
          if (gone != null) {
            gone.closed(new GrpcStatus(14, "away"));
          }
        });
  }

  /** From now on it hears, and does not answer. */
  void fallSilent() {
    onLoop(() -> handler = null);
  }

  /** Everything that was asked for so far, as {@code VHDS 8000/web.shop}. */
  TreeSet<String> asked() {
    TreeSet<String> copy = new TreeSet<>();
    onLoop(() -> copy.addAll(asked));
    return copy;
  }

  RuntimeConfig config() {
    return proxy.server().config();
  }

  Demands demands() {
    return demands;
  }

  Client client() {
    return client;
  }

  @Override
  public void close() {
    session.close();
    client.close();
    loop.shutdown();
  }
}
