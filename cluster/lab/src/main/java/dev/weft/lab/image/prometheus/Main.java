package dev.weft.lab.image.prometheus;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the machine's Prometheus on a configuration that was written for a real cluster. */
final class Main {
  private static final Path PROGRAM = Path.of("/usr/bin/prometheus");
  private static final String CONFIG = "--config.file=";
  private static final String DATA = "--storage.tsdb.path=";

  private Main() {}

  /** Takes Prometheus' own options, and ends as it does. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      System.err.println(
          "this machine has no Prometheus: apt-get install --no-install-recommends prometheus");
      System.exit(127);
    }
    PodList pods = PodList.ofServiceAccount(System.getenv());
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "targets",
            request -> targets(pods, request));
    Path config = Path.of(option(arguments, CONFIG, "/etc/prometheus/prometheus.yml"));
    Path data = Files.createDirectories(Path.of(option(arguments, DATA, "/prometheus")));
    Path own =
        Files.writeString(
            data.resolve("lab.yml"), Discovery.without(Files.readString(config), server.port()));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), CONFIG + own, DATA + data));
    for (String argument : arguments) {
      if (!argument.startsWith(CONFIG) && !argument.startsWith(DATA)) {
        command.add(argument);
      }
    }
    Process prometheus = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(prometheus::destroy));
    System.exit(prometheus.waitFor());
  }

  private static HttpResponse targets(PodList pods, HttpRequest request)
      throws IOException, InterruptedException {
    if (!request.path().equals("/pods")) {
      return HttpResponse.text(404, "text/plain", "no such page\n");
    }
    return HttpResponse.text(200, "application/json", PodTargets.of(pods.read()).compact());
  }

  private static String option(String[] arguments, String name, String otherwise) {
    for (String argument : arguments) {
      if (argument.startsWith(name)) {
        return argument.substring(name.length());
      }
    }
    return otherwise;
  }
}
