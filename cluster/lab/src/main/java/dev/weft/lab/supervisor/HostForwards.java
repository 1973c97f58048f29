package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.lab.net.Place;
import dev.weft.lab.net.Relay;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes every TCP port of a LoadBalancer Service a port of the host's loopback, the same from start
 * to start where it is free. Thread-safe.
 */
final class HostForwards implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostForwards.class);
  private static final int CONNECT_MS = 5_000;

  private final Place wan;
  private final Path file;
  private final Map<Target, Open> open = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();

  private record Target(String cluster, ObjectKey service, String address, int port) {
    String key() {
      return address + ":" + port;
    }
  }

  private record Open(Relay relay, int port) {}

  /**
   * @param file where the chosen ports are kept
   */
  HostForwards(Place wan, Path file) throws IOException {
    this.wan = wan;
    this.file = file;
    if (Files.exists(file)) {
      Trees.JSON
          .readTree(Files.readString(file))
          .properties()
          .forEach(e -> ports.put(e.getKey(), e.getValue().asInt()));
    }
  }

  void follow(String cluster, Feed feed) {
    feed.on(Kinds.SERVICES, (change, object) -> on(cluster, change, object));
  }

  /** Opens a port that stands for no Service of any cluster, where it is not open. */
  synchronized void open(String cluster, String name, Place from, String address, int port) {
    Target target = new Target(cluster, new ObjectKey("", name), address, port);
    if (!open.containsKey(target)) {
      open(target, from);
    }
  }

  private synchronized void on(String cluster, Change change, ObjectNode service) {
    if (change == Change.SYNCED) {
      return;
    }
    ObjectKey key = ObjectKey.of(service);
    Set<Target> wanted = change == Change.DELETED ? Set.of() : targets(cluster, service);
    List<Target> gone = new ArrayList<>();
    open.keySet().stream()
        .filter(t -> t.cluster().equals(cluster) && t.service().equals(key))
        .filter(t -> !wanted.contains(t))
        .forEach(gone::add);
    gone.forEach(this::close);
    wanted.stream().filter(t -> !open.containsKey(t)).forEach(t -> open(t, wan));
  }

  private static Set<Target> targets(String cluster, ObjectNode service) {
    Set<Target> result = new HashSet<>();
    if (!service.path("spec").path("type").asText().equals("LoadBalancer")) {
      return result;
    }
    for (JsonNode ingress : service.path("status").path("loadBalancer").path("ingress")) {
      for (JsonNode port : service.path("spec").path("ports")) {
        String address = ingress.path("ip").asText("");
        if (!address.isEmpty() && port.path("protocol").asText("TCP").equals("TCP")) {
          result.add(
              new Target(cluster, ObjectKey.of(service), address, port.path("port").asInt()));
        }
      }
    }
    return result;
  }

  private void open(Target target, Place from) {
    try {
      ServerSocketChannel listener = bind(ports.getOrDefault(target.key(), 0));
      Relay relay =
          Relay.start(listener, () -> from.connect(target.address(), target.port(), CONNECT_MS));
      int port = relay.port();
      open.put(target, new Open(relay, port));
      if (!Integer.valueOf(port).equals(ports.put(target.key(), port))) {
        LabDirectory.write(file, Trees.JSON.writeValueAsString(ports));
      }
    } catch (IOException e) {
      LOG.error("host port for {} of {}: {}", target.key(), target.service(), e.getMessage());
    }
  }

  private static ServerSocketChannel bind(int wanted) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      return listener.bind(new InetSocketAddress(loopback, wanted));
    } catch (IOException e) {
      if (wanted == 0) {
        listener.close();
        throw e;
      }
      return listener.bind(new InetSocketAddress(loopback, 0));
    }
  }

  private void close(Target target) {
    Open forward = open.remove(target);
    if (forward != null) {
      try {
        forward.relay().close();
      } catch (IOException e) {
        LOG.warn("closing the host port of {}: {}", target.key(), e.toString());
      }
    }
  }

  synchronized List<LabStatus.Forward> list() {
    List<LabStatus.Forward> result = new ArrayList<>();
    open.forEach(
        (target, forward) ->
            result.add(
                new LabStatus.Forward(
                    target.cluster(),
                    target.service().toString(),
                    target.address(),
                    target.port(),
                    "127.0.0.1",
                    forward.port())));
    result.sort(
        java.util.Comparator.comparing(LabStatus.Forward::cluster)
            .thenComparing(LabStatus.Forward::service)
            .thenComparingInt(LabStatus.Forward::port));
    return result;
  }

  @Override
  public synchronized void close() {
    List.copyOf(open.keySet()).forEach(this::close);
  }
}
