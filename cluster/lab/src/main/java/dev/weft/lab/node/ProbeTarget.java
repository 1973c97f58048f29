package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.apiserver.PodBackend.ExecRequest;
import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.net.Place;
import dev.weft.lab.object.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where the probes and hooks of one running container go. HTTP and TCP come from the node to the
 * address of the pod, as the kubelet's do.
 */
record ProbeTarget(Place node, String address, JsonNode container, Container process) {

  /** How one attempt ended. */
  record Outcome(boolean ok, String message) {
    static final Outcome OK = new Outcome(true, "");
  }

  /** One attempt; also serves lifecycle hooks, which look the same. */
  Outcome attempt(JsonNode probe, int timeoutSeconds) throws InterruptedException {
    int millis = Math.max(1, timeoutSeconds) * 1000;
    try {
      if (probe.has("httpGet")) {
        return http(probe.path("httpGet"), millis);
      }
      if (probe.has("tcpSocket")) {
        JsonNode tcp = probe.path("tcpSocket");
        node.connect(tcp.path("host").asText(address), port(tcp.path("port")), millis).close();
        return Outcome.OK;
      }
      if (probe.has("grpc")) {
        // a server that accepts is taken for one that serves
        node.connect(address, probe.path("grpc").path("port").asInt(), millis).close();
        return Outcome.OK;
      }
      if (probe.has("exec")) {
        return exec(probe.path("exec").path("command"), millis);
      }
      if (probe.has("sleep")) {
        TimeUnit.SECONDS.sleep(probe.path("sleep").path("seconds").asLong(0));
      }
      return Outcome.OK;
    } catch (IOException e) {
      return new Outcome(false, String.valueOf(e.getMessage()));
    }
  }

  private Outcome exec(JsonNode command, int millis) throws IOException, InterruptedException {
    try (Exec exec = process.exec(new ExecRequest(Trees.texts(command), false, false))) {
      exec.stdin().close();
      CompletableFuture<byte[]> out = read(exec.stdout());
      CompletableFuture<byte[]> err = read(exec.stderr());
      CompletableFuture<Integer> code = new CompletableFuture<>();
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      code.complete(exec.exitCode());
                    } catch (InterruptedException e) {
                      code.cancel(false);
                    }
                  });
      try {
        int result = code.get(millis, TimeUnit.MILLISECONDS);
        String text = text(out) + text(err);
        return result == 0 ? Outcome.OK : new Outcome(false, text.strip());
      } catch (TimeoutException e) {
        waiter.interrupt();
        return new Outcome(false, "command timed out after " + millis / 1000 + "s");
      } catch (ExecutionException e) {
        return new Outcome(false, String.valueOf(e.getCause()));
      }
    }
  }

  private static CompletableFuture<byte[]> read(InputStream in) {
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(in.readNBytes(10_240));
              } catch (IOException e) {
                result.complete(new byte[0]);
              }
            });
    return result;
  }

  private static String text(CompletableFuture<byte[]> bytes) {
    return new String(bytes.getNow(new byte[0]), StandardCharsets.UTF_8);
  }

  private Outcome http(JsonNode get, int millis) throws IOException {
    String host = get.path("host").asText(address);
    int port = port(get.path("port"));
    String path = get.path("path").asText("/");
    boolean tls = get.path("scheme").asText("HTTP").toUpperCase(Locale.ROOT).equals("HTTPS");
    String url = (tls ? "https://" : "http://") + host + ":" + port + path;
    try {
      return http(get, host, port, path, tls, millis);
    } catch (IOException e) {
      return new Outcome(false, "Get \"%s\": %s".formatted(url, e.getMessage()));
    }
  }

  private Outcome http(JsonNode get, String host, int port, String path, boolean tls, int millis)
      throws IOException {
    try (SocketChannel channel = node.connect(host, port, millis)) {
      Socket socket = channel.socket();
      socket.setSoTimeout(millis);
      try (Socket wire = tls ? AnyCertificate.wrap(socket, host, port) : socket) {
        StringBuilder request = new StringBuilder();
        request.append("GET ").append(path.startsWith("/") ? path : "/" + path);
        request.append(" HTTP/1.1\r\nUser-Agent: kube-probe/1.32\r\nAccept: */*\r\n");
        String hostHeader = host + ":" + port;
        for (JsonNode header : get.path("httpHeaders")) {
          if (header.path("name").asText().equalsIgnoreCase("host")) {
            hostHeader = header.path("value").asText();
          } else {
            request.append(header.path("name").asText()).append(": ");
            request.append(header.path("value").asText()).append("\r\n");
          }
        }
        request.append("Host: ").append(hostHeader).append("\r\nConnection: close\r\n\r\n");
        wire.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(wire.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = reader.readLine();
        return status(line == null ? "" : line);
      }
    }
  }

  private static Outcome status(String line) {
    String[] words = line.split(" ", 3);
    int code = words.length > 1 && words[1].matches("\\d{3}") ? Integer.parseInt(words[1]) : 0;
    return code >= 200 && code < 400
        ? Outcome.OK
        : new Outcome(
            false,
            code == 0
                ? "HTTP probe got no HTTP response"
                : "HTTP probe failed with statuscode: " + code);
  }

  private int port(JsonNode port) throws IOException {
    if (port.isNumber()) {
      return port.asInt();
    }
    for (JsonNode each : container.path("ports")) {
      if (each.path("name").asText().equals(port.asText())) {
        return each.path("containerPort").asInt();
      }
    }
    int number = port.asInt(0);
    if (number == 0) {
      throw new IOException("the container has no port named " + port.asText());
    }
    return number;
  }
}
