package dev.weft.bench.scale;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.bench.scale.Deliveries.Watched;
import dev.weft.bench.scale.Estate.PodId;
import dev.weft.types.HopLabel;
import dev.weft.xds.XdsType;
import dev.weft.xds.client.DeltaClient;
import dev.weft.xds.client.DeltaRequest;
import dev.weft.xds.client.DeltaResponse;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.grpc.stub.StreamObserver;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One proxy as the control plane sees it: it asks by the rules of our own proxy ({@link
 * DeltaClient}), takes everything and confirms it, and resumes after a lost stream. It carries no
 * traffic. Guarded by itself: streams follow each other on threads of the channel.
 */
final class SimulatedSidecar {
  private final byte[] node;
  private final Appetite appetite;
  private final Counts counts;
  private final DeltaClient client = new DeltaClient();
  private final Set<String> clusters = new TreeSet<>();
  private final Map<String, Set<String>> routesOfListeners = new HashMap<>();
  private final Map<Watched, Long> confirmed = new HashMap<>();
  private final Set<XdsType> answered = EnumSet.noneOf(XdsType.class);
  private boolean configured;

  /** What a proxy wants to know. */
  sealed interface Appetite {
    /** All clusters and listeners, and the endpoints and routes that they name. */
    record Everything() implements Appetite {}

    /** Nothing but the endpoints of these clusters. */
    record Endpoints(List<String> clusters) implements Appetite {}
  }

  SimulatedSidecar(Estate estate, PodId pod, Appetite appetite, Counts counts) {
    this.node = node(estate, pod);
    this.appetite = appetite;
    this.counts = counts;
  }

  private static byte[] node(Estate estate, PodId pod) {
    String namespace = Estate.namespace(pod.service());
    String app = Estate.name(pod.service());
    Struct labels = Struct.newBuilder().putFields("app", text(app)).build();
    Struct metadata =
        Struct.newBuilder()
            .putFields("CLUSTER_ID", text(Estate.CLUSTERS.get(pod.cluster())))
            .putFields("NAMESPACE", text(namespace))
            .putFields("SERVICE_ACCOUNT", text("default"))
            .putFields("INSTANCE_IPS", text(estate.ip(pod)))
            .putFields("NAME", text(pod.name()))
            .putFields("ISTIO_VERSION", text("1.29.0"))
            .putFields("LABELS", Value.newBuilder().setStructValue(labels).build())
            .build();
    return Node.newBuilder()
        .setId(
            String.join(
                "~",
                "sidecar",
                estate.ip(pod),
                pod.name() + "." + namespace,
                namespace + ".svc.cluster.local"))
        .setCluster(app + "." + namespace)
        .setUserAgentName("weft")
        .addClientFeatures(HopLabel.FEATURE)
        .setMetadata(metadata)
        .build()
        .toByteArray();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  /** A stream began. */
  synchronized void opened(StreamObserver<byte[]> stream) {
    answered.clear();
    configured = false;
    send(stream, client.opened());
    switch (appetite) {
      case Appetite.Everything e -> {
        send(stream, client.subscribeAll(XdsType.CLUSTER));
        send(stream, client.subscribeAll(XdsType.LISTENER));
      }
      case Appetite.Endpoints(List<String> names) ->
          send(stream, client.want(XdsType.ENDPOINT, names));
    }
  }

  /** The stream is over. */
  synchronized void closed() {
    client.closed();
    configured = false;
  }

  /** A response came: it is taken, confirmed and counted. */
  synchronized void received(byte[] message, StreamObserver<byte[]> stream)
      throws InvalidProtocolBufferException {
    DeltaClient.Batch batch = client.received(DeltaResponse.decode(message)).orElseThrow();
    send(stream, client.applied(batch, List.of()));
    counts.confirmed(message.length);
    answered.add(batch.type());
    deliveries(batch);
    switch (batch.type()) {
      case CLUSTER -> clusters(batch, stream);
      case LISTENER -> listeners(batch, stream);
      case ENDPOINT, ROUTE, SECRET, EXTENSION_CONFIG, NAME_TABLE -> {}
    }
    configured = configured || complete();
  }

  private void deliveries(DeltaClient.Batch batch) {
    Deliveries deliveries = counts.deliveries();
    if (!deliveries.expectsAny()) {
      return;
    }
    for (DeltaResponse.Resource resource : batch.changed()) {
      Watched watched = new Watched(batch.type(), resource.name());
      Long made = deliveries.made(watched);
      if (made != null && !made.equals(confirmed.put(watched, made))) {
        deliveries.confirmed(made);
      }
    }
  }

  private void clusters(DeltaClient.Batch batch, StreamObserver<byte[]> stream) {
    boolean changed = clusters.removeAll(batch.removed());
    for (DeltaResponse.Resource cluster : batch.changed()) {
      changed |= cluster.name().startsWith("outbound|") && clusters.add(cluster.name());
    }
    if (changed) {
      send(stream, client.want(XdsType.ENDPOINT, clusters));
    }
  }

  private void listeners(DeltaClient.Batch batch, StreamObserver<byte[]> stream)
      throws InvalidProtocolBufferException {
    routesOfListeners.keySet().removeAll(batch.removed());
    for (DeltaResponse.Resource listener : batch.changed()) {
      routesOfListeners.put(listener.name(), routes(Listener.parseFrom(listener.bytes())));
    }
    Set<String> routes = new TreeSet<>();
    routesOfListeners.values().forEach(routes::addAll);
    send(stream, client.want(XdsType.ROUTE, routes));
  }

  private static Set<String> routes(Listener listener) throws InvalidProtocolBufferException {
    Set<String> names = new TreeSet<>();
    for (FilterChain chain :
        Stream.concat(
                listener.getFilterChainsList().stream(),
                Stream.of(listener.getDefaultFilterChain()))
            .toList()) {
      for (Filter filter : chain.getFiltersList()) {
        if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
          HttpConnectionManager http = filter.getTypedConfig().unpack(HttpConnectionManager.class);
          if (http.hasRds()) {
            names.add(http.getRds().getRouteConfigName());
          }
        }
      }
    }
    return names;
  }

  /** Whether everything that it asked for on this stream has come. */
  synchronized boolean configured() {
    return configured;
  }

  private boolean complete() {
    Set<XdsType> asked =
        switch (appetite) {
          case Appetite.Everything e ->
              EnumSet.of(XdsType.CLUSTER, XdsType.ENDPOINT, XdsType.LISTENER, XdsType.ROUTE);
          case Appetite.Endpoints e -> EnumSet.of(XdsType.ENDPOINT);
        };
    return answered.containsAll(asked)
        && client.missing(XdsType.ENDPOINT).isEmpty()
        && client.missing(XdsType.ROUTE).isEmpty();
  }

  private void send(StreamObserver<byte[]> stream, List<DeltaRequest> requests) {
    requests.forEach(request -> stream.onNext(request.encode(node)));
  }
}
