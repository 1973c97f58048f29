package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The commands of {@code weft lab}; each returns when it is done. */
public final class LabCommands {
  private static final List<String> JVM =
      List.of(
          "-Xmx320m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED");

  private final String name;
  private final LabDirectory directory;
  private final SupervisorProcess supervisor;
  private final Rights rights;
  private final Map<String, String> environment;

  /**
   * @param name of the lab, {@code default} where people give none
   * @param environment of the process, read for HOME, PATH and WEFT_HOME
   */
  public LabCommands(String name, Map<String, String> environment) {
    this.name = name;
    this.environment = Map.copyOf(environment);
    this.directory = LabDirectory.of(name, environment);
    this.rights =
        Rights.root(Path.of("/proc"))
            ? new MachineRoot(name, new LabClaim(name, directory))
            : new UserNamespace();
    this.supervisor = new SupervisorProcess(directory, rights);
  }

  public LabDirectory directory() {
    return directory;
  }

  /**
   * Brings the lab up, or finds it up.
   *
   * @return its state; {@code progress} has said whether anything was to be done
   */
  public LabStatus up(LabOptions options, Progress progress)
      throws LabException, InterruptedException {
    LabStatus before = status();
    if (before.phase().equals("ready")) {
      progress.line("lab %s is up already".formatted(name));
      return before;
    }
    if (!before.phase().equals("starting")) {
      List<String> missing = Preconditions.ofHost(environment).missing();
      if (!missing.isEmpty()) {
        throw new LabException(String.join("\n", missing));
      }
      launch(options);
    }
    follow(progress);
    LabStatus after = status();
    if (!after.phase().equals("ready")) {
      throw new LabException(
          "lab %s did not come up: %s\nThe log: %s"
              .formatted(name, reason(after), directory.log("supervisor")));
    }
    return after;
  }

  private String reason(LabStatus after) {
    if (!after.message().isEmpty()) {
      return after.message();
    }
    try {
      return Files.readString(directory.root().resolve("failure")).strip();
    } catch (IOException e) {
      return "the supervisor ended";
    }
  }

  private void launch(LabOptions options) throws LabException {
    try {
      rights.claim();
      supervisor.end();
      directory.create();
      Files.deleteIfExists(directory.root().resolve("failure"));
      LabPlan plan = options.plan(name);
      LabDirectory.write(
          directory.plan(), Trees.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan));
      List<String> jvm = new ArrayList<>(JVM);
      jvm.addAll(options.jvmOptions());
      Process process = supervisor.start(options.weftCommand(), jvm);
      while (supervisor.ask("ping").isEmpty()) {
        if (process.waitFor(30, TimeUnit.MILLISECONDS)) {
          throw new LabException(
              "the supervisor of lab %s ended at once: %s\nThe log: %s"
                  .formatted(
                      name,
                      reason(LabStatuses.down(name, directory)),
                      directory.log("supervisor")));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new LabException("lab %s: %s".formatted(name, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private void follow(Progress progress) {
    int seen = 0;
    while (true) {
      ObjectNode request = Trees.object().put("op", "progress").put("from", seen);
      Optional<JsonNode> answer = supervisor.ask(request);
      if (answer.isEmpty()) {
        return;
      }
      for (JsonNode line : answer.get().path("lines")) {
        progress.line(line.asText());
        seen++;
      }
      if (answer.get().path("ended").asBoolean(true) && answer.get().path("lines").isEmpty()) {
        return;
      }
    }
  }

  /**
   * Ends everything that runs and keeps what is stored.
   *
   * @return whether there was anything to end
   */
  public boolean down(Progress progress) throws LabException, InterruptedException {
    boolean running = supervisor.find().isPresent();
    if (running) {
      progress.line("stopping lab " + name);
      supervisor.end();
    }
    try {
      rights.clear();
      removeScratch();
      Files.deleteIfExists(directory.socket());
      Files.deleteIfExists(directory.pid());
    } catch (IOException e) {
      throw new LabException("lab %s: %s".formatted(name, e.getMessage()), e);
    }
    return running;
  }

  /** Containers' own layers; logs, volumes and objects stay. */
  private void removeScratch() throws IOException {
    Path nodes = directory.root().resolve("node");
    if (!Files.isDirectory(nodes)) {
      return;
    }
    try (Stream<Path> all = Files.find(nodes, 4, (p, a) -> p.endsWith("containers"))) {
      rights.delete(all.toList());
    }
  }

  /** Ends the lab and deletes its directory with all objects, keys and logs. */
  public void reset(Progress progress) throws LabException, InterruptedException {
    down(progress);
    try {
      rights.delete(List.of(directory.root()));
      progress.line("lab %s is gone".formatted(name));
    } catch (IOException e) {
      throw new LabException("lab %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  public LabStatus status() {
    return supervisor
        .ask("status")
        .flatMap(LabStatuses::read)
        .map(status -> supervisor.find().map(p -> rights.seen(status, p)).orElse(status))
        .orElseGet(() -> LabStatuses.down(name, directory));
  }

  /** Path of kubectl's configuration. */
  public Path kubeconfig() throws LabException {
    if (!Files.exists(directory.kubeconfig())) {
      throw new LabException("lab %s is not up: run 'weft lab up' first".formatted(name));
    }
    return directory.kubeconfig();
  }

  /** Path of the log of the supervisor or of one of its processes. */
  public Path log(String part) throws LabException {
    Path log = directory.log(part.replace('/', '-'));
    if (Files.exists(log)) {
      return log;
    }
    List<String> there = new ArrayList<>();
    try (Stream<Path> all = Files.list(directory.root().resolve("logs"))) {
      all.map(p -> String.valueOf(p.getFileName()).replaceFirst("\\.log$", ""))
          .sorted()
          .forEach(there::add);
    } catch (IOException e) {
      throw new LabException("lab %s has no logs yet".formatted(name), e);
    }
    throw new LabException("lab %s has no log %s; there are %s".formatted(name, part, there));
  }

  /** The command that opens a shell on the wan. */
  public List<String> shell(List<String> command) throws LabException {
    ProcessHandle process =
        supervisor
            .find()
            .orElseThrow(
                () ->
                    new LabException("lab %s is not up: run 'weft lab up' first".formatted(name)));
    List<String> result = new ArrayList<>(List.of("ip", "netns", "exec", "weft-" + name + ".wan"));
    result.addAll(
        command.isEmpty() ? List.of(environment.getOrDefault("SHELL", "/bin/sh")) : command);
    return rights.inside(process, result);
  }

  /**
   * Stops, starts or kills a part.
   *
   * @param operation {@code stop}, {@code start} or {@code kill}
   * @param part {@code control} or {@code apiserver/<cluster>}
   */
  public void operate(String operation, String part) throws LabException {
    answer(Trees.object().put("op", operation).put("name", part));
  }

  /** Adds a host command to the image catalogue, kept for later starts of the lab as well. */
  public void mapImage(String pattern, List<String> command) throws LabException {
    try {
      directory.create();
      UserMappings.add(directory.images().resolve("mappings"), pattern, command);
    } catch (IOException e) {
      throw new LabException("lab %s: %s".formatted(name, e.getMessage()), e);
    }
    if (supervisor.find().isPresent()) {
      answer(Trees.object().put("op", "image"));
    }
  }

  private void answer(ObjectNode request) throws LabException {
    JsonNode answer =
        supervisor
            .ask(request)
            .orElseThrow(
                () ->
                    new LabException("lab %s is not up: run 'weft lab up' first".formatted(name)));
    if (answer.has("error")) {
      throw new LabException(answer.path("error").asText());
    }
  }
}
