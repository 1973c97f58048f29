package dev.weft.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A lab of its own for a test, driven by the commands that people type. */
final class Lab implements AutoCloseable {
  private static final Path ROOT = root();

  private final Path home;
  private final String name;

  private Lab(Path home, String name) {
    this.home = home;
    this.name = name;
  }

  /** A lab that is not up yet. */
  static Lab named(String name) {
    return new Lab(ROOT.resolve("test/e2e/target/labs"), name);
  }

  Command.Result up(String... options) {
    List<String> words = new ArrayList<>(List.of("lab", "up"));
    words.addAll(List.of(options));
    return weft(words.toArray(String[]::new));
  }

  /** Runs the built command against this lab. */
  Command.Result weft(String... words) {
    List<String> all = new ArrayList<>();
    all.add(ROOT.resolve("bin/weft").toString());
    all.addAll(List.of(words));
    return new Command(all, environment(), "", Duration.ofMinutes(3)).run();
  }

  private Map<String, String> environment() {
    return Map.of(
        "WEFT_HOME",
        home.toString(),
        "WEFT_LAB",
        name,
        "JAVA_HOME",
        System.getProperty("java.home"),
        "KUBECONFIG",
        kubeconfig().toString());
  }

  private Path kubeconfig() {
    return home.resolve("labs").resolve(name).resolve("kubeconfig");
  }

  Command.Result kubectl(String context, String... words) {
    return kubectlWith("", context, words);
  }

  /** kubectl with text on its standard input. */
  Command.Result kubectlWith(String input, String context, String... words) {
    return command(context, words).reading(input).run();
  }

  Command command(String context, String... words) {
    List<String> all = new ArrayList<>(List.of("kubectl", "--context", context));
    all.addAll(List.of(words));
    return new Command(all, environment(), "", Duration.ofMinutes(3));
  }

  /** Runs a command on the wan: outside of all clusters, but able to reach their nodes. */
  Command onTheWan(String... words) {
    return inNamespace("weft-" + name + ".wan", words);
  }

  Command inNamespace(String namespace, String... words) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(List.of(words));
    return new Command(all, Map.of(), "", Duration.ofMinutes(1));
  }

  /** Network namespaces that belong to this lab. */
  List<String> namespaces() {
    return Command.of("ip", "netns", "list").run().lines().stream()
        .map(line -> line.split(" ", 2)[0])
        .filter(n -> n.startsWith("weft-" + name + "."))
        .toList();
  }

  /** The first running pod of a Deployment. */
  String pod(String context, String namespace, String app) {
    return kubectl(
            context,
            "-n",
            namespace,
            "get",
            "pod",
            "-l",
            "app=" + app,
            "--field-selector=status.phase=Running",
            "-o",
            "jsonpath={.items[0].metadata.name}")
        .orFail();
  }

  /** Waits until a Deployment has what it wants. */
  void rolledOut(String context, String namespace, String deployment) {
    kubectl(context, "-n", namespace, "rollout", "status", "deploy/" + deployment, "--timeout=60s")
        .orFail();
  }

  /**
   * The manifests of the documents that the project starts from, or our own of the same content.
   */
  static Path manifest(String document, String sample) {
    Path seed = ROOT.resolve("../shared/seeds/manifests").resolve(document).normalize();
    return Files.exists(seed) ? seed : ROOT.resolve("samples").resolve(sample);
  }

  Path home() {
    return home;
  }

  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("bin/weft"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
      }
      directory = parent;
    }
    return directory;
  }

  @Override
  public void close() {
    weft("lab", "down").orFail();
  }
}
