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

  /** Where labs hold their network namespaces. */
  private static final String NAMESPACES = "/run/weft-netns";

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

  /** Of the checkout's {@code bin}. */
  static String program(String name) {
    return ROOT.resolve("bin").resolve(name).toString();
  }

  Command.Result up(String... options) {
    // As ./weft does after a build: what is tested starts as it does for users.
    Command.of(program("train")).with(environment()).run().orFail();
    List<String> words = new ArrayList<>(List.of("lab", "up"));
    words.addAll(List.of(options));
    // It ends by itself where nothing moves.
    return weft(Duration.ofMinutes(15), words.toArray(String[]::new));
  }

  /** Up, with nothing of an earlier run. */
  void fresh() {
    weft("lab", "reset").orFail();
    up().orFail();
  }

  /** Runs the built command against this lab. */
  Command.Result weft(String... words) {
    return weft(Duration.ofMinutes(3), words);
  }

  /** Of a command that waits for many others. */
  Command.Result weft(Duration max, String... words) {
    List<String> all = new ArrayList<>();
    all.add(program("weft"));
    all.addAll(List.of(words));
    return new Command(all, environment(), "", max).run();
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

  /**
   * kubectl as it is typed: words separated by single spaces, then words that hold spaces
   * themselves.
   */
  Command.Result kubectl(String context, String line, String... more) {
    return command(context, line, more).run();
  }

  /** kubectl with text on its standard input. */
  Command.Result kubectlWith(String input, String context, String line) {
    return command(context, line).reading(input).run();
  }

  Command command(String context, String line, String... more) {
    List<String> all = new ArrayList<>(List.of("kubectl", "--context", context));
    all.addAll(List.of(line.split(" ", -1)));
    all.addAll(List.of(more));
    return new Command(all, environment(), "", Duration.ofMinutes(3));
  }

  /** Runs a program of the checkout with this lab's clusters as its kubectl contexts. */
  Command program(String path, String... arguments) {
    List<String> all = new ArrayList<>(List.of(ROOT.resolve(path).toString()));
    all.addAll(List.of(arguments));
    return new Command(all, environment(), "", Duration.ofMinutes(3));
  }

  /** Runs a command on the wan: outside of all clusters, but able to reach their nodes. */
  Command onTheWan(String... words) {
    return inNamespace("weft-" + name + ".wan", words);
  }

  Command inNamespace(String namespace, String... words) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + NAMESPACES + "/" + namespace));
    all.addAll(List.of(words));
    return new Command(all, Map.of(), "", Duration.ofMinutes(1));
  }

  /** Network namespaces that belong to this lab. */
  List<String> namespaces() {
    return Command.of("find", "/run", "-path", NAMESPACES + "/*").run().lines().stream()
        .map(path -> path.substring(NAMESPACES.length() + 1))
        .filter(n -> n.startsWith("weft-" + name + "."))
        .toList();
  }

  /** A field of objects, as kubectl prints it. */
  String field(String context, String line, String jsonPath) {
    return kubectl(context, "get " + line + " -o jsonpath={" + jsonPath + "}").orFail();
  }

  /** The names of the running pods of a workload. */
  List<String> pods(String context, String namespace, String app) {
    String running = "pod -l app=" + app + " --field-selector=status.phase=Running";
    return List.of(
        field(context, "-n " + namespace + " " + running, ".items[*].metadata.name").split(" "));
  }

  /** What the proxies of a workload's pods logged. */
  List<String> proxyLog(String context, String namespace, String app) {
    return pods(context, namespace, app).stream()
        .map(pod -> kubectl(context, "-n " + namespace + " logs " + pod + " -c istio-proxy").out())
        .flatMap(String::lines)
        .toList();
  }

  /** A token of a service account, as its pods' proxies get it; works with old kubectls too. */
  String token(String context, String account) {
    String request =
        """
        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
         "spec": {"audiences": ["istio-ca"]}}
        """;
    String path = "/api/v1/namespaces/default/serviceaccounts/" + account + "/token";
    String answer = kubectlWith(request, context, "create --raw " + path + " -f -").orFail();
    return JsonLines.parsed(answer).path("status").path("token").asText();
  }

  /** Waits until a Deployment has what it wants. */
  void rolledOut(String context, String namespace, String deployment) {
    kubectl(context, "-n " + namespace + " rollout status deploy/" + deployment + " --timeout=150s")
        .orFail();
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
