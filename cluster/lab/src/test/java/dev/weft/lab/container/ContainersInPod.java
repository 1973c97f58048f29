package dev.weft.lab.container;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.apiserver.PodBackend.ExecRequest;
import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Input;
import dev.weft.lab.container.ContainerRuntime.Mount;
import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.container.ContainerRuntime.Spec;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.net.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A pod's network, and containers in it. Needs root: fails, with the reason, without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class ContainersInPod {
  /** A directory that is there on every machine and in no container here. */
  static final Path HIDDEN = Path.of("/var/cache");

  final LinuxContainers containers = new LinuxContainers(List.of(), List.of(HIDDEN));
  final List<Container> started = new ArrayList<>();
  Path directory = Path.of("");
  LinuxNetwork network;
  NodeNetwork node;
  Place pod;
  int count;

  @BeforeAll
  void a_pod() throws IOException {
    directory = Files.createTempDirectory("weft-lab-test");
    network = LinuxNetwork.open("labnet-containers" + ProcessHandle.current().pid());
    node =
        network.addNode(
            new NodePlan("west", "172.18.0.2", "10.244.0.0/16", "10.96.0.0/16", Map.of()));
    pod = node.addPod("pod").place();
  }

  @AfterAll
  void no_network() throws IOException {
    network.destroy();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @AfterEach
  void no_container() throws Exception {
    for (Container container : started) {
      container.stop(0);
      container.exit().get(10, SECONDS);
    }
    started.clear();
  }

  static int code(Container container, String... command) throws Exception {
    try (Exec exec = container.exec(request(false, false, command))) {
      text(exec.stdout());
      return exec.exitCode();
    }
  }

  static ExecRequest request(boolean stdin, boolean tty, String... command) {
    return new ExecRequest(List.of(command), stdin, tty);
  }

  static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  static void awaitLog(Spec spec, String word) throws IOException {
    while (!Files.readString(spec.log()).contains(word)) {
      Thread.onSpinWait();
    }
  }

  Container start(Spec spec) throws IOException {
    Container container = containers.start(spec);
    started.add(container);
    return container;
  }

  Run run(SpecBuilder builder) throws Exception {
    Spec spec = builder.build();
    int code = start(spec).exit().get(10, SECONDS);
    List<String> out = new ArrayList<>();
    List<String> err = new ArrayList<>();
    for (String line : Files.readAllLines(spec.log())) {
      String[] fields = line.split(" ", 4);
      (fields[1].equals("stdout") ? out : err).add(fields[3]);
    }
    return new Run(code, out, err);
  }

  SpecBuilder spec(String shell) {
    return new SpecBuilder("c" + ++count).command("sh", "-c", shell);
  }

  record Run(int code, List<String> out, List<String> err) {}

  final class SpecBuilder {
    final String id;
    final Map<String, String> environment = new TreeMap<>();
    final List<Mount> mounts = new ArrayList<>();
    List<String> command = List.of();
    String workingDirectory = "";
    Security security = Security.ROOT;
    Place network = pod;
    Input input = Input.NONE;
    long memoryBytes;

    SpecBuilder(String id) {
      this.id = id;
    }

    SpecBuilder command(String... words) {
      command = List.of(words);
      return this;
    }

    SpecBuilder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    SpecBuilder mount(Path source, String target, boolean readOnly) {
      mounts.add(new Mount(source, target, readOnly));
      return this;
    }

    SpecBuilder user(int uid, int gid) {
      security = new Security(uid, gid, List.of(), false);
      return this;
    }

    SpecBuilder security(Security wanted) {
      security = wanted;
      return this;
    }

    SpecBuilder in(String path) {
      workingDirectory = path;
      return this;
    }

    SpecBuilder reading(Input wanted) {
      input = wanted;
      return this;
    }

    SpecBuilder memory(long bytes) {
      memoryBytes = bytes;
      return this;
    }

    SpecBuilder network(Place place) {
      network = place;
      return this;
    }

    Spec build() {
      return new Spec(
          id,
          directory.resolve(id),
          network,
          command,
          environment,
          workingDirectory,
          mounts,
          security,
          "web-1",
          "nameserver 10.96.0.10\nsearch default.svc.cluster.local\noptions ndots:5\n",
          "10.244.0.2 web-1\n",
          input,
          memoryBytes,
          directory.resolve(id + ".log"));
    }
  }
}
