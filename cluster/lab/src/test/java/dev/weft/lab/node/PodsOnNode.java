package dev.weft.lab.node;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.PodBackend.ExecRequest;
import dev.weft.apiserver.PodBackend.LogRequest;
import dev.weft.apiserver.Selector;
import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.controller.ClusterControllers;
import dev.weft.lab.image.ImageCatalogue;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.object.Directories;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.MemoryStore;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Controllers and a node together, on real network namespaces; objects are in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PodsOnNode {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final MemoryStore store = new MemoryStore();
  final KubeletBackend backend = new KubeletBackend();
  Path directory;
  LinuxNetwork network;
  ClusterControllers controllers;
  ClusterServices services;
  Kubelet kubelet;
  Feed feed;

  static final class HostCommands implements ImageCatalogue {
    @Override
    public Optional<Image> find(String name) {
      return name.startsWith("host")
          ? Optional.of(new Image(name, List.of(), List.of("sleep", "infinity"), Map.of(), 0))
          : Optional.empty();
    }

    @Override
    public Map<String, String> describe() {
      return Map.of("host", "any command of the host");
    }
  }

  @BeforeAll
  void bring_up() throws IOException {
    directory = Files.createTempDirectory("podlife");
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    network = LinuxNetwork.open("labk8s-podlife");
    NodeNetwork node =
        network.addNode(
            new NodePlan("c1", "172.18.0.2", "10.244.0.0/16", "10.96.0.0/16", Map.of()));
    InstantSource clock = InstantSource.system();
    Events events = new Events(store, clock);
    feed = new Feed(store);
    controllers =
        new ClusterControllers(
            feed, events, new ClusterControllers.Settings("PEM", List.of("172.18.1.1/32")), clock);
    services = new ClusterServices(feed, node, Set.of());
    kubelet =
        new Kubelet(
            new NodeContext(
                "c1-control-plane",
                "172.18.0.2",
                "10.96.0.10",
                directory,
                store,
                node,
                new LinuxContainers(List.of(), List.of()),
                new HostCommands(),
                (ns, account, pod, uid, audience, seconds) ->
                    new TokenSource.Token(
                        "token-of-" + account, Instant.now().plusSeconds(seconds)),
                events,
                clock),
            feed);
    backend.serve(kubelet);
    store.create(Kinds.NAMESPACES, "", Trees.yaml("metadata: {name: default}"));
    store.create(Kinds.NODES, "", Trees.yaml("metadata: {name: c1-control-plane}"));
    feed.start();
    controllers.start();
    services.start();
  }

  @AfterAll
  void take_down() throws IOException {
    if (network != null) {
      feed.close();
      controllers.close();
      services.close();
      kubelet.close();
      network.destroy();
      Directories.delete(directory);
    }
  }

  ObjectNode await(String name, Predicate<ObjectNode> condition) throws Exception {
    BlockingQueue<ObjectNode> seen = new ArrayBlockingQueue<>(10_000);
    try (AutoCloseable follow =
        store.follow(
            Kinds.PODS,
            "default",
            Selector.ALL,
            (change, object) -> {
              if (Meta.name(object).startsWith(name)) {
                seen.add(object);
              }
            })) {
      Instant end = Instant.now().plus(PATIENCE);
      ObjectNode last = Trees.object();
      while (Instant.now().isBefore(end)) {
        ObjectNode next = seen.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          last = next;
          if (condition.test(next)) {
            return next;
          }
        }
      }
      throw new AssertionError(name + " did not get there: " + last.toPrettyString());
    }
  }

  BlockingQueue<ObjectNode> deleted(String name) {
    BlockingQueue<ObjectNode> gone = new ArrayBlockingQueue<>(1);
    store.follow(
        Kinds.PODS,
        "default",
        Selector.ALL,
        (change, object) -> {
          if (change == ObjectStore.Change.DELETED && Meta.name(object).equals(name)) {
            gone.add(object);
          }
        });
    return gone;
  }

  static boolean ready(ObjectNode pod) {
    return Meta.condition(pod, "Ready").path("status").asText().equals("True");
  }

  String run(String pod, String... command) throws Exception {
    try (var exec =
        backend.exec("default", pod, "", new ExecRequest(List.of(command), false, false))) {
      exec.stdin().close();
      String out = new String(exec.stdout().readAllBytes(), StandardCharsets.UTF_8);
      exec.exitCode();
      return out.strip();
    }
  }

  String logs(String pod, boolean previous) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    backend.logs("default", pod, new LogRequest("", false, previous, -1, -1, false), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  void pod(String name, String rest) {
    store.create(
        Kinds.PODS,
        "default",
        Trees.yaml("apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\n%s".formatted(name, rest)));
  }
}
