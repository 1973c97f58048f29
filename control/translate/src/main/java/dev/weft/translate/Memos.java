package dev.weft.translate;

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
  final Memo<OutboundClusterInputs> outboundClusters =
      new Memo<>(
          in -> VersionedResource.of(in.name().format(), OutboundClusterTranslator.translate(in)));
  final Memo<OwnClusters.InboundInputs> inboundClusters =
      new Memo<>(in -> named(OwnClusters.inbound(in)));
  final Memo<Duration> passthroughClusters =
      new Memo<>(timeout -> named(OwnClusters.passthrough(timeout)));
  final Memo<Duration> inboundPassthroughClusters =
      new Memo<>(timeout -> named(OwnClusters.inboundPassthrough(timeout)));
  final Memo<Duration> blackHoleClusters =
      new Memo<>(timeout -> named(OwnClusters.blackHole(timeout)));
  final Memo<LoadAssignmentInputs> assignments =
      new Memo<>(in -> VersionedResource.of(in.cluster(), LoadAssignmentTranslator.translate(in)));
  final Memo<OutboundListenerInputs> outboundListeners =
      new Memo<>(in -> named(OutboundListenerTranslator.translate(in)));
  final Memo<InboundListenerInputs> inboundListeners =
      new Memo<>(in -> named(InboundListenerTranslator.translate(in)));
  final Memo<PassthroughListenerInputs> passthroughListeners =
      new Memo<>(in -> named(PassthroughListenerTranslator.translate(in)));
  final Memo<GatewayListenerInputs> gatewayListeners =
      new Memo<>(in -> named(GatewayListenerTranslator.translate(in)));
  final Memo<RouteTableInputs> routeTables =
      new Memo<>(in -> VersionedResource.of(in.name(), RouteTableTranslator.translate(in)));
  final Memo<SecretInputs> secrets =
      new Memo<>(in -> VersionedResource.of(in.name(), SecretTranslator.translate(in)));
  final Memo<NameTableInputs> nameTables =
      new Memo<>(in -> VersionedResource.of("name-table", NameTableTranslator.translate(in)));

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

  private Stream<Memo<?>> all() {
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
