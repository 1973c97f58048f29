package dev.weft.bench.scale;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.bench.scale.Estate.PodId;
import dev.weft.bench.scale.SimulatedSidecar.Appetite;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All simulated proxies, each with a connection of its own. One that is lost is opened again after
 * half a second to one and a half. Confined to the driver's thread; callbacks run on threads of its
 * own.
 */
final class Fleet implements AutoCloseable {
  private static final int MAX_RESPONSE_BYTES = 256 << 20;
  private static final int AGAIN_MILLIS = 500;
  private static final int AGAIN_SPREAD_MILLIS = 1_000;

  /** Messages stay bytes: only names are read, and only where something depends on them. */
  private static final MethodDescriptor<byte[], byte[]> DELTA =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodType.BIDI_STREAMING)
          .setFullMethodName(
              "envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private final Estate estate;
  private final int port;
  private final Counts counts = new Counts();
  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
  private final Random random = new Random(1);
  private volatile boolean closed;

  /**
   * @param port of plaintext xDS on loopback
   */
  Fleet(Estate estate, int port) {
    this.estate = estate;
    this.port = port;
  }

  private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Connects more proxies, of pods that have none yet. */
  void connect(List<PodId> pods, Appetite appetite) {
    for (PodId pod : pods) {
      Connection connection = new Connection(new SimulatedSidecar(estate, pod, appetite, counts));
      connections.add(connection);
      connection.open();
    }
  }

  int size() {
    return connections.size();
  }

  Counts counts() {
    return counts;
  }

  /** How many have everything that they asked for on the stream that they have now. */
  int configured() {
    return (int) connections.stream().filter(c -> c.sidecar.configured()).count();
  }

  private final class Connection {
    private final SimulatedSidecar sidecar;
    private final ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .executor(callbacks)
            .maxInboundMessageSize(MAX_RESPONSE_BYTES)
            .build();

    private Connection(SimulatedSidecar sidecar) {
      this.sidecar = sidecar;
    }

    private void open() {
      sidecar.opened(
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(DELTA, CallOptions.DEFAULT), new Stream()));
    }

    private void lost() {
      sidecar.closed();
      if (!closed) {
        counts.streamLost();
        int millis = AGAIN_MILLIS + random.nextInt(AGAIN_SPREAD_MILLIS);
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, callbacks)
            .execute(
                () -> {
                  // The channel's own patience grows to minutes.
                  channel.resetConnectBackoff();
                  open();
                });
      }
    }

    private final class Stream implements ClientResponseObserver<byte[], byte[]> {
      private @Nullable ClientCallStreamObserver<byte[]> requests;

      @Override
      public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
        this.requests = requests;
      }

      @Override
      public void onNext(byte[] response) {
        try {
          sidecar.received(response, requireNonNull(requests));
        } catch (InvalidProtocolBufferException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void onError(Throwable cause) {
        lost();
      }

      @Override
      public void onCompleted() {
        lost();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    connections.forEach(c -> c.channel.shutdownNow());
    callbacks.shutdown();
  }
}
