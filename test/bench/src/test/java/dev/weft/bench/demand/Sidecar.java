package dev.weft.bench.demand;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A proxy as pods have it, and its pod's calls. */
final class Sidecar implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final int ANSWER_MILLIS = 20_000;
  private static final int READINESS = 15_021;
  private static final int DNS = 15_053;
  private static final int HEADER = 12;

  private final Process process;

  /**
   * Starts it; {@link #awaitReady} waits.
   *
   * @param weft the program
   * @param directory for what it keeps, and its log
   */
  Sidecar(Path weft, Path directory, BenchControlPlane control, boolean onDemand)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("root.pem"), control.roots());
    Files.writeString(directory.resolve("token"), BenchControlPlane.TOKEN);
    ProcessBuilder builder = new ProcessBuilder(weft.toString(), "proxy", "sidecar");
    Map<String, String> environment = builder.environment();
    environment.put("POD_NAME", Services.CLIENT);
    environment.put("POD_NAMESPACE", Services.NAMESPACE);
    environment.put("INSTANCE_IP", Services.CLIENT_ADDRESS);
    environment.put("SERVICE_ACCOUNT", "client");
    environment.put("ISTIO_META_CLUSTER_ID", Services.CLUSTER.value());
    environment.put("ISTIO_META_DNS_CAPTURE", "true");
    environment.put("ISTIO_META_ON_DEMAND", String.valueOf(onDemand));
    environment.put("ISTIOD_SAN", BenchControlPlane.NAME);
    environment.put("PROXY_CONFIG", "{\"discoveryAddress\": \"127.0.0.1:" + control.port() + "\"}");
    environment.put("WEFT_TOKEN_FILE", directory.resolve("token").toString());
    environment.put("WEFT_ROOT_FILE", directory.resolve("root.pem").toString());
    environment.put("WEFT_STATE_DIR", directory.resolve("state").toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("proxy.log").toFile());
    process = builder.start();
  }

  void awaitReady() throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (!ready()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("the proxy does not become ready; see its log");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static boolean ready() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + READINESS + "/healthz/ready")
                  .toURL()
                  .openConnection();
      connection.setReadTimeout(ANSWER_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A call as an application makes it: the name is looked up, then the service is asked.
   *
   * @return how long it took
   */
  static Duration call(String service) throws IOException {
    long begin = System.nanoTime();
    InetAddress address = resolve(service + "." + Services.NAMESPACE + ".svc.cluster.local");
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.connect(new InetSocketAddress(address, Services.PORT), ANSWER_MILLIS);
      String head = "GET / HTTP/1.1\r\nHost: " + service + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!answer.startsWith("HTTP/1.1 200")) {
        throw new IOException(service + " answered: " + answer);
      }
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Asks the proxy for the address of a name that has one. */
  private static InetAddress resolve(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream query = new DataOutputStream(bytes);
    // Id, recursion desired, one question; RFC 1035, 4.1.
    for (int part : new int[] {7, 0x100, 1, 0, 0, 0}) {
      query.writeShort(part);
    }
    for (String label : name.split("\\.")) {
      query.writeByte(label.length());
      query.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    query.writeByte(0);
    query.writeShort(1);
    query.writeShort(1);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.send(
          new DatagramPacket(
              bytes.toByteArray(), bytes.size(), new InetSocketAddress("127.0.0.1", DNS)));
      DatagramPacket answer = new DatagramPacket(new byte[512], 512);
      socket.receive(answer);
      if (answer.getLength() < HEADER || answer.getData()[7] == 0) {
        throw new IOException("no address of " + name);
      }
      return InetAddress.getByAddress(
          Arrays.copyOfRange(answer.getData(), answer.getLength() - 4, answer.getLength()));
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
