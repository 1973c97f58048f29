package dev.weft.traffic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's Prometheus, on loopback, for as long as a test needs it. */
final class PrometheusProcess implements AutoCloseable {
  static final Path PROGRAM = Path.of("/usr/bin/prometheus");
  private static final Pattern LISTENING =
      Pattern.compile(".*msg=\"Listening on\" address=(\\S+).*");

  private final Process process;
  private final URI url;

  /**
   * Starts one.
   *
   * @param config as its own configuration file has it
   */
  PrometheusProcess(Path directory, String config) {
    try {
      Path file = Files.writeString(Files.createDirectories(directory).resolve("p.yml"), config);
      process =
          new ProcessBuilder(
                  PROGRAM.toString(),
                  "--config.file=" + file,
                  "--storage.tsdb.path=" + directory.resolve("data"),
                  "--web.listen-address=127.0.0.1:0")
              .redirectErrorStream(true)
              .start();
      url =
          ready(
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI ready(BufferedReader log) throws IOException {
    StringBuilder said = new StringBuilder();
    Optional<String> address = Optional.empty();
    boolean ready = false;
    // Its threads say both, in either order.
    while (address.isEmpty() || !ready) {
      String line = log.readLine();
      if (line == null) {
        throw new IllegalStateException("Prometheus did not start:\n" + said);
      }
      said.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.matches()) {
        address = Optional.of(listening.group(1));
      }
      ready |= line.contains("Server is ready to receive web requests");
    }
    Thread.ofPlatform().daemon().start(() -> drain(log));
    return URI.create("http://" + address.get());
  }

  /** A pipe that nobody reads would stop who writes to it. */
  private static void drain(BufferedReader log) {
    try {
      log.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // The process has ended.
      return;
    }
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
