package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.image.BuiltInImages;
import dev.weft.lab.image.ImageCatalogue;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

  /** How long a lab may stand still before nobody waits for it any more. */
  public static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final String GOING_ON =
      "What is up stays: 'weft lab status' shows it, 'weft lab up' goes on from it, 'weft lab down'"
          + " ends it.";

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

  /** What the lab is made of, also while it is down; empty where there is none. */
  public Optional<LabPlan> plan() throws LabException {
    try {
      return Files.exists(directory.plan())
          ? Optional.of(LabPlan.read(directory.plan()))
          : Optional.empty();
    } catch (IOException e) {
      throw new LabException(
          "%s cannot be read (%s): delete the lab with 'weft lab reset'"
              .formatted(directory.plan(), e.getMessage()),
          e);
    }
  }

  /**
   * Brings the lab up, or finds it up, or goes on with what an earlier attempt has left.
   *
   * @return its state; {@code progress} has said whether anything was to be done
   * @throws LabException where the lab cannot be as it is wanted, an attempt has failed or nothing
   *     moves any more; what is up stays up
   */
  public LabStatus up(LabOptions options, Progress progress)
      throws LabException, InterruptedException {
    LabPlan wanted;
    try {
      wanted = options.plan(name);
    } catch (IllegalArgumentException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
    int heard = begin(wanted, options, progress);
    if (heard >= 0) {
      follow(heard, progress);
    }
    LabStatus after = status();
    if (!after.phase().equals("ready")) {
      throw new LabException(
          "lab %s did not come up: %s\nThe log: %s\n%s"
              .formatted(name, reason(after), directory.log("supervisor"), GOING_ON));
    }
    return after;
  }

  /**
   * Sees to it that the lab is coming up: how many lines were said before, or -1 where it is up.
   */
  private int begin(LabPlan wanted, LabOptions options, Progress progress)
      throws LabException, InterruptedException {
    try {
      directory.create();
      try (FileChannel file =
              FileChannel.open(
                  directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock alone = file.lock()) {
        Optional<LabPlan> stored = plan();
        LabStatus before = status();
        Optional<String> refused =
            before.phase().equals("down")
                ? stored.flatMap(plan -> PlanChange.refused(plan, wanted))
                : stored.flatMap(plan -> PlanChange.refusedWhileRunning(plan, wanted));
        if (refused.isPresent()) {
          throw new LabException(refused.get());
        }
        return switch (before.phase()) {
          case "ready" -> {
            progress.line("lab %s is up already".formatted(name));
            yield -1;
          }
          case "starting" -> {
            progress.line("lab %s is coming up already".formatted(name));
            yield 0;
          }
          case "failed" -> {
            progress.line("lab %s goes on from what is up".formatted(name));
            int lines = supervisor.ask("progress").map(p -> p.path("lines").size()).orElse(0);
            answer(Trees.object().put("op", "again"));
            yield lines;
          }
          default -> {
            launch(wanted, options);
            yield 0;
          }
        };
      }
    } catch (IOException e) {
      throw new LabException("lab %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private String reason(LabStatus after) {
    if (!after.message().isEmpty()) {
      return after.message();
    }
    try {
      return Files.readString(directory.failure()).strip();
    } catch (IOException e) {
      return "the supervisor ended";
    }
  }

  private void launch(LabPlan plan, LabOptions options)
      throws IOException, LabException, InterruptedException {
    List<String> missing = Preconditions.ofHost(environment).missing();
    if (!missing.isEmpty()) {
      throw new LabException(String.join("\n", missing));
    }
    rights.claim();
    supervisor.end();
    Files.deleteIfExists(directory.failure());
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
                    name, reason(LabStatuses.down(name, directory)), directory.log("supervisor")));
      }
    }
  }

  /** Hears what the supervisor does until it has ended or nothing moves any more. */
  private void follow(int heard, Progress progress) throws LabException {
    int seen = heard;
    while (true) {
      ObjectNode request = Trees.object().put("op", "progress").put("from", seen);
      Optional<JsonNode> answer = supervisor.ask(request);
      if (answer.isEmpty()) {
        progress.waiting("");
        return;
      }
      for (JsonNode line : answer.get().path("lines")) {
        progress.waiting("");
        progress.line(line.asText());
        seen++;
      }
      boolean ended = answer.get().path("ended").asBoolean(true);
      if (ended && answer.get().path("lines").isEmpty()) {
        progress.waiting("");
        return;
      }
      String awaited = answer.get().path("waiting").asText("");
      // What was awaited when a line was said may be over by it.
      if (answer.get().path("lines").isEmpty()) {
        progress.waiting(awaited);
      }
      long still = answer.get().path("still").asLong();
      if (!ended && still > PATIENCE.toMillis()) {
        progress.waiting("");
        throw new LabException(
            "lab %s: nothing has moved for %d s (%s)\n%s"
                .formatted(name, still / 1000, awaited.isEmpty() ? "starts" : awaited, GOING_ON));
      }
    }
  }

  /** For how long nothing that starts in the lab has moved. */
  public Duration still() {
    return supervisor
        .ask(Trees.object().put("op", "progress").put("from", Integer.MAX_VALUE))
        .map(answer -> Duration.ofMillis(answer.path("still").asLong()))
        .orElse(Duration.ZERO);
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
    return written(directory.kubeconfig());
  }

  /** Path of one whose servers are those of the wan, for programs in pods and on the wan. */
  public Path wanKubeconfig() throws LabException {
    return written(directory.wanKubeconfig());
  }

  private Path written(Path file) throws LabException {
    if (!Files.exists(file)) {
      throw new LabException("lab %s is not up: run 'weft lab up' first".formatted(name));
    }
    return file;
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
    List<String> wanted =
        command.isEmpty() ? List.of(environment.getOrDefault("SHELL", "/bin/sh")) : command;
    return rights.inside(process, LinuxNetwork.wanOf("weft-" + name).entering(wanted));
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

  /** What images there are in the lab, for those who list them or make them for other places. */
  public ImageCatalogue images() {
    return new BuiltInImages(
        List.of("weft"), Path.of("/"), Path.of("/"), Path.of("/"), directory.images());
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
