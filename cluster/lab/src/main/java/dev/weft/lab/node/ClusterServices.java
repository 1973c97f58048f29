package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.ServiceRule;
import dev.weft.lab.net.LabNetwork.Target;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Mirror;
import dev.weft.lab.object.ObjectKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's service rules in step with Services and EndpointSlices, and dials Services for the
 * API server. Thread-safe.
 */
public final class ClusterServices implements ServiceDialer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterServices.class);
  private static final int DEBOUNCE_MS = 20;
  private static final int CONNECT_MS = 5_000;

  private final NodeNetwork network;
  private final Set<String> local;
  private final Mirror services = new Mirror();
  private final Mirror slices = new Mirror();
  private final Semaphore changes = new Semaphore(0);
  private @Nullable Thread thread;

  /**
   * Adds itself to a feed that has not been started.
   *
   * @param local service addresses that the node itself answers on
   */
  public ClusterServices(Feed feed, NodeNetwork network, Set<String> local) {
    this.network = network;
    this.local = Set.copyOf(local);
    feed.on(Kinds.SERVICES, services).on(Kinds.SERVICES, (change, object) -> changes.release());
    feed.on(Kinds.ENDPOINT_SLICES, slices)
        .on(Kinds.ENDPOINT_SLICES, (change, object) -> changes.release());
  }

  public Mirror services() {
    return services;
  }

  public Mirror slices() {
    return slices;
  }

  public void start() {
    thread = Thread.ofVirtual().name("service rules").start(this::run);
  }

  private void run() {
    List<ServiceRule> written = List.of();
    try {
      while (true) {
        changes.acquire();
        // what comes at once is written at once
        TimeUnit.MILLISECONDS.sleep(DEBOUNCE_MS);
        changes.drainPermits();
        List<ServiceRule> rules = ServiceTable.rules(services.all(), slices.all(), local);
        if (!rules.equals(written)) {
          try {
            network.services(rules);
            written = rules;
          } catch (IOException | RuntimeException e) {
            LOG.error("service rules: {}", e.toString());
            TimeUnit.SECONDS.sleep(1);
            changes.release();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Socket dial(String namespace, String name, int port) throws IOException {
    ObjectNode service =
        services
            .get(new ObjectKey(namespace, name))
            .orElseThrow(
                () -> new IOException("service \"%s/%s\" not found".formatted(namespace, name)));
    for (JsonNode each : service.path("spec").path("ports")) {
      if (each.path("port").asInt() == port) {
        return dial(service, each);
      }
    }
    throw new IOException("service \"%s/%s\" has no port %d".formatted(namespace, name, port));
  }

  @Override
  public Socket dialHost(String host, int port, int timeoutMillis) throws IOException {
    return network
        .place()
        .connect(InetAddress.getByName(host).getHostAddress(), port, timeoutMillis)
        .socket();
  }

  private Socket dial(ObjectNode service, JsonNode port) throws IOException {
    List<Target> targets = ServiceTable.endpoints(service, port, slices.all());
    IOException failure =
        new IOException("service \"%s\" has no ready endpoint".formatted(ObjectKey.of(service)));
    for (Target each : targets) {
      try {
        return network.place().connect(each.address(), each.port(), CONNECT_MS).socket();
      } catch (IOException e) {
        failure =
            new IOException(
                "service \"%s\": %s:%d: %s"
                    .formatted(ObjectKey.of(service), each.address(), each.port(), e.getMessage()));
      }
    }
    throw failure;
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
