package dev.weft.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.control.admin.DumpView;
import dev.weft.control.admin.DumpView.ResourceView;
import dev.weft.control.admin.ProxyDirectory;
import dev.weft.control.admin.ProxyView;
import dev.weft.control.admin.ProxyView.TypeView;
import dev.weft.control.ads.AdsServer;
import dev.weft.control.ads.ConfigDump;
import dev.weft.control.ads.ProxyStatus;
import dev.weft.control.console.ServedProxies;
import dev.weft.translate.ResourceJson;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The discovery server's proxies for others, from when there is a discovery server. */
final class Proxies implements ProxyDirectory, ServedProxies.Source {
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

  private List<ProxyStatus> connectedProxies() {
    AdsServer now = server;
    return now == null ? List.of() : now.syncz();
  }

  @Override
  public Map<String, Integer> connected() {
    Map<String, Integer> counts = new TreeMap<>();
    connectedProxies().forEach(p -> counts.merge(p.cluster().value(), 1, Integer::sum));
    return counts;
  }

  @Override
  public List<ProxyView> syncz() {
    return connectedProxies().stream().map(Proxies::view).toList();
  }

  private static ProxyView view(ProxyStatus p) {
    Map<String, TypeView> types = new LinkedHashMap<>();
    p.types()
        .forEach(
            (type, status) ->
                types.put(
                    type.shortName(),
                    new TypeView(
                        status.state().name(),
                        status.version(),
                        status.resources(),
                        status.reason(),
                        time(status.sent()),
                        time(status.acknowledged()))));
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

  private static String time(@Nullable Instant instant) {
    return instant == null ? "" : instant.toString();
  }

  @Override
  public Optional<DumpView> configDump(String proxyId) {
    return held(proxyId).map(this::dump);
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
