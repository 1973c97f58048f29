package dev.weft.translate;

import com.google.protobuf.ByteString;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.xds.VersionedResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The translators, each a pure function of one input record, and what was made with them.
 * Thread-safe.
 */
final class Memos {
  /** Endpoints; smaller groups are encoded as quickly as they are found again. */
  private static final int SHARED_FROM = 64;

  /** One object for equal hosts, which the tables of many viewpoints have. */
  final Interner<Host> hosts = new Interner<>();

  /** One object for services that are the same from many viewpoints. */
  final Interner<OfService> ofServices = new Interner<>();

  final Memo<SharedTables.Key, SharedTables> sharedTables = new Memo<>(key -> new SharedTables());

  private final Memo<Host, ByteString> virtualHosts = new Memo<>(RouteTableTranslator::field);
  private final Memo<LocalityOrder.Group, ByteString> localities =
      new Memo<>(LoadAssignmentTranslator::field);

  final Memo<OutboundClusterInputs, VersionedResource> outboundClusters =
      new Memo<>(
          in -> VersionedResource.of(in.name().format(), OutboundClusterTranslator.translate(in)));
  final Memo<OwnClusters.InboundInputs, VersionedResource> inboundClusters =
      new Memo<>(in -> named(OwnClusters.inbound(in)));
  final Memo<Duration, VersionedResource> passthroughClusters =
      new Memo<>(timeout -> named(OwnClusters.passthrough(timeout)));
  final Memo<Duration, VersionedResource> inboundPassthroughClusters =
      new Memo<>(timeout -> named(OwnClusters.inboundPassthrough(timeout)));
  final Memo<Duration, VersionedResource> blackHoleClusters =
      new Memo<>(timeout -> named(OwnClusters.blackHole(timeout)));
  final Memo<LoadAssignmentInputs, VersionedResource> assignments =
      new Memo<>(
          in ->
              VersionedResource.of(
                  in.cluster(), LoadAssignmentTranslator.translate(in).encode(this::locality)));
  final Memo<OutboundListenerInputs, VersionedResource> outboundListeners =
      new Memo<>(in -> named(OutboundListenerTranslator.translate(in)));
  final Memo<InboundListenerInputs, VersionedResource> inboundListeners =
      new Memo<>(in -> named(InboundListenerTranslator.translate(in)));
  final Memo<PassthroughListenerInputs, VersionedResource> passthroughListeners =
      new Memo<>(in -> named(PassthroughListenerTranslator.translate(in)));
  final Memo<GatewayListenerInputs, VersionedResource> gatewayListeners =
      new Memo<>(in -> named(GatewayListenerTranslator.translate(in)));
  final Memo<RouteTableInputs, VersionedResource> routeTables =
      new Memo<>(
          in ->
              VersionedResource.of(
                  in.name(), RouteTableTranslator.translate(in).encode(virtualHosts::get)));
  final Memo<SecretInputs, VersionedResource> secrets =
      new Memo<>(in -> VersionedResource.of(in.name(), SecretTranslator.translate(in)));
  final Memo<NameTableInputs, VersionedResource> nameTables =
      new Memo<>(in -> VersionedResource.of("name-table", NameTableTranslator.translate(in)));

  /** When one of thousands of endpoints changes, the groups without it are not encoded again. */
  private ByteString locality(LocalityOrder.Group group) {
    return group.endpoints().size() < SHARED_FROM
        ? LoadAssignmentTranslator.field(group)
        : localities.get(group);
  }

  List<VersionedResource> secrets(ProxyView view, Stream<String> names) {
    return SecretInputs.of(view, names).stream().map(secrets::get).toList();
  }

  /** How often a resource was made, and not remembered. */
  long translations() {
    return all().mapToLong(Memo::translations).sum();
  }

  /** How many resources are in use. */
  long size() {
    return all().mapToLong(Memo::size).sum();
  }

  private Stream<Memo<?, VersionedResource>> all() {
    return Stream.of(
        outboundClusters,
        inboundClusters,
        passthroughClusters,
        inboundPassthroughClusters,
        blackHoleClusters,
        assignments,
        outboundListeners,
        inboundListeners,
        passthroughListeners,
        gatewayListeners,
        routeTables,
        secrets,
        nameTables);
  }

  private static VersionedResource named(Cluster cluster) {
    return VersionedResource.of(cluster.getName(), cluster);
  }

  private static VersionedResource named(Listener listener) {
    return VersionedResource.of(listener.getName(), listener);
  }
}
