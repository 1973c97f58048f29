package dev.weft.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.config.ObjectRef;
import dev.weft.control.admin.DumpView;
import dev.weft.control.admin.DumpView.ResourceView;
import dev.weft.control.admin.ProxyView;
import dev.weft.control.admin.ProxyView.RefusedView;
import dev.weft.control.admin.ProxyView.TypeView;
import dev.weft.control.ads.AdsServer;
import dev.weft.control.ads.ConfigDump;
import dev.weft.control.ads.ProxyStatus;
import dev.weft.control.ads.ProxyStatus.TypeStatus;
import dev.weft.control.ads.RefusedPart;
import dev.weft.control.ads.Watching;
import dev.weft.control.console.ServedProxies;
import dev.weft.control.tool.ConnectedProxies;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.translate.ResourceJson;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The discovery server's proxies for others, from when there is a discovery server. */
final class Proxies implements ConnectedProxies, ServedProxies.Source {
  /** Of one type: what people read. */
  private static final int MAX_REFUSED = 20;

  private final ResourceJson proto = new ResourceJson();
  private final ObjectMapper json = new ObjectMapper();
  private volatile @Nullable AdsServer server;

  void server(AdsServer server) {
    this.server = server;
  }

  List<Integer> ports() {
    AdsServer now = server;
    return now == null ? List.of() : now.ports();
  }

  /** Whether there is no room for another one. */
  boolean full() {
    AdsServer now = server;
    return now != null && now.full();
  }

  /** Has so many of them connect anew. */
  void sendAway(int count) {
    AdsServer now = server;
    if (now != null) {
      now.sendAway(count);
    }
  }

  @Override
  public List<ProxyStatus> connectedProxies() {
    AdsServer now = server;
    return now == null ? List.of() : now.syncz();
  }

  @Override
  public List<Watching> watching() {
    AdsServer now = server;
    return now == null ? List.of() : now.watching();
  }

  @Override
  public boolean onDemand(WorkloadKey pod) {
    return connectedProxies().stream().anyMatch(p -> p.onDemand() && p.isOf(pod));
  }

  /** By cluster id. */
  Map<String, Integer> connected() {
    AdsServer now = server;
    return now == null ? Map.of() : now.connected();
  }

  @Override
  public List<ProxyView> syncz() {
    return connectedProxies().stream().map(this::view).toList();
  }

  @Override
  public ProxyView view(ProxyStatus p) {
    Map<String, TypeView> types = new LinkedHashMap<>();
    p.types().forEach((type, status) -> types.put(type.shortName(), view(status)));
    return new ProxyView(
        p.id(),
        p.cluster().value(),
        p.node(),
        p.role(),
        p.version(),
        p.identity(),
        p.peer(),
        p.protocol(),
        p.connected().toString(),
        p.onDemand(),
        types);
  }

  private static TypeView view(TypeStatus status) {
    List<RefusedPart> refused = status.refused().stream().limit(MAX_REFUSED).toList();
    String more =
        status.refused().size() > MAX_REFUSED
            ? "; and " + (status.refused().size() - MAX_REFUSED) + " more"
            : "";
    return new TypeView(
        status.state().name(),
        status.version(),
        status.resources(),
        refused.isEmpty()
            ? status.reason()
            : refused.stream().map(RefusedPart::line).collect(Collectors.joining("; ")) + more,
        refused.stream().map(Proxies::view).toList(),
        time(status.sent()),
        time(status.acknowledged()));
  }

  private static RefusedView view(RefusedPart part) {
    return new RefusedView(
        part.resource(),
        part.object().map(ObjectRef::toString).orElse(""),
        part.field(),
        part.reason());
  }

  private static String time(@Nullable Instant instant) {
    return instant == null ? "" : instant.toString();
  }

  @Override
  public Optional<ConfigDump> held(String proxyId) {
    AdsServer now = server;
    return now == null ? Optional.empty() : now.configDump(proxyId);
  }

  @Override
  public DumpView dump(ConfigDump dump) {
    Map<String, List<ResourceView>> types = new LinkedHashMap<>();
    for (XdsType type : XdsType.values()) {
      List<ResourceView> resources = new ArrayList<>();
      for (VersionedResource resource : dump.resources().of(type).values()) {
        resources.add(
            new ResourceView(
                resource.name(),
                resource.version(),
                type == XdsType.SECRET ? "[redacted]" : body(resource)));
      }
      if (!resources.isEmpty()) {
        types.put(type.shortName(), resources);
      }
    }
    return new DumpView(view(dump.proxy()), types);
  }

  private Object body(VersionedResource resource) {
    try {
      return json.readTree(proto.print(resource.body()));
    } catch (JsonProcessingException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
