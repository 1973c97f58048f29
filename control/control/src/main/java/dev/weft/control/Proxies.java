package dev.weft.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.control.admin.ProxyDirectory;
import dev.weft.control.ads.AdsServer;
import dev.weft.control.ads.ConfigDump;
import dev.weft.control.ads.ProxyStatus;
import dev.weft.translate.ResourceJson;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The discovery server's proxies for the admin server, from when there is a discovery server. */
final class Proxies implements ProxyDirectory {
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
  public List<Map<String, Object>> syncz() {
    return connectedProxies().stream().map(Proxies::status).toList();
  }

  private static Map<String, Object> status(ProxyStatus p) {
    Map<String, Object> types = new LinkedHashMap<>();
    p.types()
        .forEach(
            (type, status) -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("state", status.state().name());
              one.put("version", status.version());
              one.put("resources", status.resources());
              if (!status.reason().isEmpty()) {
                one.put("error", status.reason());
              }
              types.put(type.shortName(), one);
            });
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("proxy", p.id());
    tree.put("cluster", p.cluster().value());
    tree.put("node", p.node());
    tree.put("type", p.role());
    tree.put("version", p.version());
    tree.put("identity", p.identity());
    tree.put("peer", p.peer());
    tree.put("protocol", p.protocol());
    tree.put("connected", p.connected().toString());
    tree.put("types", types);
    return tree;
  }

  @Override
  public Optional<Map<String, Object>> configDump(String proxyId) {
    AdsServer now = server;
    return now == null ? Optional.empty() : now.configDump(proxyId).map(this::dump);
  }

  private Map<String, Object> dump(ConfigDump dump) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("proxy", status(dump.proxy()));
    Map<String, Object> types = new LinkedHashMap<>();
    for (XdsType type : XdsType.values()) {
      List<Object> resources = new ArrayList<>();
      for (VersionedResource resource : dump.resources().of(type).values()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", resource.name());
        one.put("version", resource.version());
        one.put("body", type == XdsType.SECRET ? "[redacted]" : body(resource));
        resources.add(one);
      }
      if (!resources.isEmpty()) {
        types.put(type.shortName(), resources);
      }
    }
    tree.put("resources", types);
    return tree;
  }

  private Object body(VersionedResource resource) {
    try {
      return json.readTree(proto.print(resource.body()));
    } catch (JsonProcessingException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
