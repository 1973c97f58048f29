package dev.weft.traffic;

import com.google.rpc.Status;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two authorizers on the sockets of a pod, who let requests of the user {@code good} in. By HTTP a
 * path below {@code /never} gets no answer.
 */
final class Authorizers implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  private final Server grpc;

  /** What was asked by HTTP: method, target and headers. */
  final Deque<String> asked = new ConcurrentLinkedDeque<>();

  /** What was asked by gRPC. */
  final Deque<AttributeContext> checked = new ConcurrentLinkedDeque<>();

  Authorizers(String address, int httpPort, int grpcPort) {
    try {
      http = HttpServer.create(new InetSocketAddress(address, httpPort), 0);
      http.createContext("/", this::answer);
      http.setExecutor(threads);
      http.start();
      grpc =
          NettyServerBuilder.forAddress(new InetSocketAddress(address, grpcPort))
              .addService(new Checks())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().entrySet());
    if (exchange.getRequestURI().getPath().startsWith("/never")) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    boolean good = "good".equals(exchange.getRequestHeaders().getFirst("x-user"));
    exchange.getResponseHeaders().add("x-verdict", good ? "in" : "out");
    exchange.getResponseHeaders().add("x-own", "of the authorizer");
    byte[] body = good ? new byte[0] : "who are you?".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(good ? 200 : 401, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private final class Checks extends AuthorizationGrpc.AuthorizationImplBase {
    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> answers) {
      checked.add(request.getAttributes());
      boolean good =
          "good"
              .equals(
                  request.getAttributes().getRequest().getHttp().getHeadersOrDefault("x-user", ""));
      CheckResponse.Builder response = CheckResponse.newBuilder();
      if (good) {
        response.setOkResponse(
            OkHttpResponse.newBuilder()
                .addHeaders(header("x-verdict", "in"))
                .addHeadersToRemove("x-user")
                .addResponseHeadersToAdd(header("x-own", "of the authorizer")));
      } else {
        response
            .setStatus(Status.newBuilder().setCode(7))
            .setDeniedResponse(
                DeniedHttpResponse.newBuilder()
                    .setStatus(HttpStatus.newBuilder().setCode(StatusCode.PaymentRequired))
                    .addHeaders(header("x-verdict", "out"))
                    .setBody("who are you?"));
      }
      answers.onNext(response.build());
      answers.onCompleted();
    }
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .build();
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    grpc.shutdownNow();
    threads.close();
  }
}
