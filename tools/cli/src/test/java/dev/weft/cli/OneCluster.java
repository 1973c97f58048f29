package dev.weft.cli;

import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An API server on loopback, and commands that are told where it is. */
public final class OneCluster implements AutoCloseable {
  private final ApiServer server;
  private final Path kubeconfig;
  private final KubernetesClient client;

  /** What a command said, and its exit code. */
  public record Ran(int code, String out, String err) {}

  public OneCluster(String name, Path directory) throws IOException {
    server =
        ApiServer.open(
            new ApiServerSettings(name, directory.resolve(name), 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            });
    server.start();
    String url = "https://127.0.0.1:" + server.port();
    kubeconfig = Files.writeString(directory.resolve(name + ".yaml"), server.kubeconfig(name, url));
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeconfig(name, url)))
            .build();
  }

  /** As its administrator. */
  public KubernetesClient client() {
    return client;
  }

  /** Its file, for {@code --kubeconfig}. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Runs the command with this cluster as the only one. */
  public Ran weft(String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--kubeconfig";
    all[arguments.length + 1] = kubeconfig.toString();
    return run(all);
  }

  /** Runs a command as it stands. */
  public static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
