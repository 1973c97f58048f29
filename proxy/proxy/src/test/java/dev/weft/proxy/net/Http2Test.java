package dev.weft.proxy.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 connections on HTTP chains go as a whole where their first request is routed. */
class Http2Test {
  private static final MethodDescriptor<String, String> ECHO =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Echo/Say")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Proxies.Lines logs = new Proxies.Lines();
  private final ProxyServer proxy = Proxies.start(logs);
  private final int port = Proxies.freePort();
  private Server server = NettyServerBuilder.forPort(0).build();

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerServiceDefinition.builder("test.Echo")
                    .addMethod(
                        ECHO,
                        ServerCalls.asyncUnaryCall(
                            (request, observer) -> {
                              if (request.isEmpty()) {
                                observer.onError(
                                    Status.INVALID_ARGUMENT
                                        .withDescription("say something")
                                        .asRuntimeException());
                                return;
                              }
                              observer.onNext(request);
                              observer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
  }

  @AfterEach
  void close() throws InterruptedException {
    proxy.close();
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private void serve(String prefix, int endpoint) {
    proxy.apply(
        new Configs()
            .cluster(Configs.cluster("app"), endpoint)
            .routes("table", Configs.route(prefix, "app"))
            .listener(
                Configs.bound(
                    "front",
                    port,
                    Listener.Direction.OUTBOUND,
                    ListenerFilters.NONE,
                    Configs.chain(
                        "http",
                        ChainMatch.ANY,
                        new DownstreamTls.Plain(),
                        Configs.http(
                            "table",
                            Configs.OUTBOUND_FILTERS,
                            MeshTest.logs("UPSTREAM_CLUSTER", "RESPONSE_FLAGS")))))
            .build());
  }

  @Test
  void grpc_calls_with_payloads_trailers_and_errors_pass() throws Exception {
    serve("/test.Echo/", server.getPort());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      for (String text : List.of("hello", "x".repeat(300_000), "again")) {
        assertThat(ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, text))
            .isEqualTo(text);
      }
      StatusRuntimeException error =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, ""));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(error.getStatus().getDescription()).isEqualTo("say something");
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    assertThat(logs.next()).contains("\"UPSTREAM_CLUSTER\":\"app\"");
    Proxies.until("counted out", () -> proxy.statistics().connections() == 0);
  }

  @Test
  void request_without_a_route_is_sent_away() {
    serve("/other", server.getPort());
    try (Peer client = Peer.connect(port)) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      // SETTINGS, then HEADERS with :method GET, :scheme http, :path / from the static table.
      client.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      client.send(new byte[] {0, 0, 3, 1, 5, 0, 0, 0, 1, (byte) 0x82, (byte) 0x86, (byte) 0x84});
      String answer = client.rest();
      assertThat(answer).hasSize(9 + 17).contains("\0\0\10\7");
    }
  }

  @Test
  void preface_after_a_request_is_refused() {
    try (Origin origin = Origin.answering("x")) {
      serve("/", origin.port());
      try (Peer client = Peer.connect(port)) {
        assertThat(client.get("/").status()).isEqualTo(200);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertThat(client.rest()).startsWith("HTTP/1.1 505 ");
      }
    }
  }

  @Test
  void preface_byte_by_byte_is_understood() {
    serve("/other", server.getPort());
    try (Peer client = Peer.connect(port)) {
      for (char c : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.bytes(9)).isEqualTo("\0\0\0\4\0\0\0\0\0");
    }
  }
}
