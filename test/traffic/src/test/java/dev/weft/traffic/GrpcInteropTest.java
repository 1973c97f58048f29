package dev.weft.traffic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.weft.testkit.Settle;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.EmptyProtos;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.AssumptionViolatedException;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * gRPC beside sidecars, by clients and servers of grpc-java, in one cluster and through the
 * cross-cluster proxy of another network: gRPC's own interoperability cases, and a server that dies
 * under load.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md">the
 *     cases</a>
 */
class GrpcInteropTest {
  /** Cases that are not tests by themselves. */
  private static final Set<String> COMPRESSED =
      Set.of(
          "clientCompressedUnary",
          "clientCompressedStreaming",
          "serverCompressedUnary",
          "serverCompressedStreaming");

  /** Calls may be retried whatever has become of them. */
  private static final String RETRIED =
      """
      - apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: calls, namespace: shop}
        spec:
          hosts: [calls]
          http:
          - route: [{destination: {host: calls}}]
            retries: {attempts: 3, retryOn: "connect-failure,refused-stream,unavailable,reset"}
      """;

  private static final int CALLERS = 4;
  private static final int CALLS = 50;

  @TempDir private Path files;

  @TestFactory
  Stream<DynamicNode> calls_are_what_they_would_be_without_a_mesh() {
    return Stream.of(HopParityTest.Place.values())
        .map(place -> DynamicContainer.dynamicContainer(place.name(), cases(place)));
  }

  private Stream<DynamicNode> cases(HopParityTest.Place place) {
    Mesh mesh = new Mesh(place, files.resolve(place.name()), "[]");
    Stream<DynamicNode> cases =
        Arrays.stream(AbstractInteropTest.class.getMethods())
            .filter(
                method ->
                    method.isAnnotationPresent(org.junit.Test.class)
                        || COMPRESSED.contains(method.getName()))
            .sorted(Comparator.comparing(Method::getName))
            .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method, mesh)));
    Stream<DynamicNode> end =
        Stream.of(
            DynamicTest.dynamicTest(
                "the proxy counted them",
                () ->
                    assertThat(mesh.client.proxy().metrics())
                        .contains("istio_request_messages_total{", "grpc_response_status=\"12\"")),
            DynamicTest.dynamicTest("end", mesh::close));
    return Stream.concat(cases, end);
  }

  private static void run(Method method, Mesh mesh) throws Throwable {
    Interop interop = new Interop(mesh);
    interop.setUp();
    try {
      if (method.getParameterCount() == 0) {
        method.invoke(interop);
      } else {
        // A server of grpc-java does not say whether a message came compressed.
        method.invoke(interop, false);
      }
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof AssumptionViolatedException assumption) {
        abort(assumption.toString());
      }
      if (!proxyWasFirst(method, e.getCause())) {
        throw e.getCause();
      }
    } finally {
      interop.tearDown();
    }
  }

  /**
   * Client, proxy and server look at one deadline, each by its own clock. The status is the same
   * whoever is first, and was asserted before the words, of which the test knows those of two.
   */
  private static boolean proxyWasFirst(Method method, @Nullable Throwable failure) {
    return method.getName().startsWith("deadlineExceeded")
        && failure instanceof AssertionError
        && "deadline exceeded".equals(failure.getMessage());
  }

  @TestFactory
  Stream<DynamicNode> no_call_fails_where_a_server_dies_and_all_may_be_retried() {
    return Stream.of(HopParityTest.Place.values())
        .map(place -> DynamicTest.dynamicTest(place.name(), () -> aServerDies(place)));
  }

  private void aServerDies(HopParityTest.Place place) throws InterruptedException {
    AtomicBoolean on = new AtomicBoolean(true);
    AtomicInteger answered = new AtomicInteger();
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    try (Mesh mesh = new Mesh(place, files.resolve("dies-" + place), RETRIED)) {
      ManagedChannel channel = mesh.channel().build();
      List<Thread> callers =
          IntStream.range(0, CALLERS)
              .mapToObj(
                  i ->
                      Thread.ofVirtual()
                          .start(
                              () -> {
                                TestServiceGrpc.TestServiceBlockingStub stub =
                                    TestServiceGrpc.newBlockingStub(channel);
                                while (on.get()) {
                                  try {
                                    EmptyProtos.Empty unused =
                                        stub.emptyCall(EmptyProtos.Empty.getDefaultInstance());
                                    answered.incrementAndGet();
                                  } catch (StatusRuntimeException e) {
                                    failed.add(e.getMessage());
                                  }
                                }
                              }))
              .toList();
      Settle.until("there is a load", () -> answered.get() >= CALLS);
      mesh.kill("calls-2");
      int until = answered.get() + 10 * CALLS;
      Settle.until("the load goes on", () -> answered.get() >= until || !failed.isEmpty());
      on.set(false);
      for (Thread caller : callers) {
        caller.join();
      }
      channel.shutdownNow();
    }
    assertThat(failed).isEmpty();
  }

  /** Three servers and a client. */
  private static final class Mesh implements AutoCloseable {
    private final World world;
    private final Client client;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Server> servers = new LinkedHashMap<>();

    /**
     * Starts it.
     *
     * @param objects of users: a YAML list
     */
    Mesh(HopParityTest.Place place, Path files, String objects) {
      world = HopParityTest.grpc(place, files);
      world.objects(objects);
      client = world.client("client-1", true, "grpc");
      try {
        for (String pod : List.of("calls-1", "calls-2", "calls-3")) {
          servers.put(
              pod,
              NettyServerBuilder.forAddress(
                      new InetSocketAddress(
                          world.pod(pod).application(), LiveProxy.TARGET_PORTS[0]))
                  .addService(
                      ServerInterceptors.intercept(
                          new TestServiceImpl(executor), TestServiceImpl.interceptors()))
                  .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE)
                  .build()
                  .start());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    NettyChannelBuilder channel() {
      SocketAddress called =
          new InetSocketAddress(world.pod("client-1").address(), LiveProxy.SERVICE_PORTS[0]);
      return NettyChannelBuilder.forAddress(called)
          .overrideAuthority("calls.shop:8000")
          .usePlaintext();
    }

    /** As a pod dies: its proxy and its application at once. */
    void kill(String pod) {
      world.proxy(pod).close();
      requireNonNull(servers.get(pod)).shutdownNow();
    }

    @Override
    public void close() {
      client.close();
      servers.values().forEach(Server::shutdownNow);
      executor.shutdownNow();
      world.close();
    }
  }

  /** A client of the cases; their server is somewhere else. */
  private static final class Interop extends AbstractInteropTest {
    private final Mesh mesh;

    Interop(Mesh mesh) {
      this.mesh = mesh;
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
      return mesh.channel().maxInboundMessageSize(MAX_MESSAGE_SIZE);
    }

    @Override
    protected boolean metricsExpected() {
      return false;
    }
  }
}
