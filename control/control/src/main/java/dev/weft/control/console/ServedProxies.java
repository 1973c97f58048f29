package dev.weft.control.console;

import dev.weft.console.ProxyBook;
import dev.weft.console.api.ProxyDetail;
import dev.weft.console.api.ProxyDetail.DifferenceKind;
import dev.weft.console.api.ProxyDetail.ResourceDifference;
import dev.weft.console.api.ProxyRow;
import dev.weft.console.api.ProxyRow.SyncWord;
import dev.weft.console.api.ProxyRow.TypeState;
import dev.weft.control.admin.DumpView;
import dev.weft.control.admin.DumpView.ResourceView;
import dev.weft.control.admin.ProxyView;
import dev.weft.control.ads.ConfigDump;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.xds.Subscription;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The proxies of the discovery server, as the console shows them. Thread-safe. */
public final class ServedProxies implements ProxyBook {
  private final Source source;
  private final Supplier<MeshSnapshot> snapshot;
  private final String replica;

  /** Who serves proxies. */
  public interface Source {
    List<ProxyView> syncz();

    /** What a proxy should hold, and was sent; empty where it is not connected. */
    Optional<ConfigDump> held(String proxyId);

    DumpView dump(ConfigDump dump);

    /** Whether the proxy of a pod is connected and asks for what it calls. */
    boolean onDemand(WorkloadKey pod);
  }

  /**
   * @param replica what this process is called
   */
  public ServedProxies(Source source, Supplier<MeshSnapshot> snapshot, String replica) {
    this.source = source;
    this.snapshot = snapshot;
    this.replica = replica;
  }

  @Override
  public List<ProxyRow> rows() {
    MeshSnapshot now = snapshot.get();
    return source.syncz().stream().map(p -> row(p, now)).toList();
  }

  private ProxyRow row(ProxyView proxy, MeshSnapshot now) {
    int dot = proxy.proxy().lastIndexOf('.');
    String pod = proxy.proxy().substring(0, Math.max(dot, 0));
    String namespace = proxy.proxy().substring(dot + 1);
    List<TypeState> types = new ArrayList<>();
    proxy
        .types()
        .forEach(
            (type, view) ->
                types.add(
                    new TypeState(
                        type, word(view.state()), view.error(), view.sent(), view.acknowledged())));
    return new ProxyRow(
        proxy.proxy() + "." + proxy.cluster(),
        proxy.cluster(),
        namespace,
        now.workload(ClusterId.of(proxy.cluster()), namespace, pod)
            .map(Workload::workloadName)
            .orElse(""),
        proxy.version(),
        proxy.connected(),
        replica,
        types);
  }

  private static SyncWord word(String state) {
    return switch (state) {
      case "SYNCED" -> SyncWord.SYNCED;
      case "STALE" -> SyncWord.PENDING;
      case "NACKED" -> SyncWord.REJECTED;
      default -> SyncWord.NEVER;
    };
  }

  @Override
  public boolean onDemand(WorkloadKey pod) {
    return source.onDemand(pod);
  }

  @Override
  public Optional<ProxyDetail> detail(String id) {
    return source.held(id).map(this::detail);
  }

  private ProxyDetail detail(ConfigDump held) {
    DumpView dump = source.dump(held);
    return new ProxyDetail(
        row(dump.proxy(), snapshot.get()),
        bodies(dump, XdsType.LISTENER),
        // A proxy on demand has its hosts beside the tables.
        Stream.concat(
                bodies(dump, XdsType.ROUTE).stream(), bodies(dump, XdsType.VIRTUAL_HOST).stream())
            .toList(),
        bodies(dump, XdsType.CLUSTER),
        bodies(dump, XdsType.ENDPOINT),
        differences(held));
  }

  private static List<Object> bodies(DumpView dump, XdsType type) {
    return dump.resources().getOrDefault(type.shortName(), List.of()).stream()
        .map(ResourceView::body)
        .toList();
  }

  /** Between what the newest snapshot makes and what the proxy was sent. */
  private static List<ResourceDifference> differences(ConfigDump dump) {
    List<ResourceDifference> differences = new ArrayList<>();
    for (Subscription subscription : dump.held().subscriptions().byType().values()) {
      Map<String, String> sent = dump.held().of(subscription.type());
      add(subscription, sent, dump.resources().of(subscription.type()), differences);
      refused(subscription, differences);
    }
    return differences;
  }

  private static void add(
      Subscription subscription,
      Map<String, String> sent,
      Map<String, VersionedResource> generated,
      List<ResourceDifference> found) {
    String type = subscription.type().shortName();
    generated.forEach(
        (name, resource) -> {
          String version = sent.getOrDefault(name, "");
          if (subscription.wants(name) && !version.equals(resource.version())) {
            found.add(
                new ResourceDifference(
                    type,
                    name,
                    version.isEmpty() ? DifferenceKind.ONLY_GENERATED : DifferenceKind.OTHER,
                    "the newest one has not been sent yet"));
          }
        });
    sent.forEach(
        (name, version) -> {
          if (!version.isEmpty() && !generated.containsKey(name)) {
            found.add(
                new ResourceDifference(
                    type,
                    name,
                    DifferenceKind.ONLY_HELD,
                    "it was sent, and there is none any more"));
          }
        });
  }

  /** Who refuses keeps what they had. */
  private static void refused(Subscription subscription, List<ResourceDifference> found) {
    subscription
        .refused()
        .forEach(
            refusal ->
                found.add(
                    new ResourceDifference(
                        subscription.type().shortName(),
                        refusal.resource().name(),
                        DifferenceKind.OTHER,
                        refusal.message())));
  }
}
