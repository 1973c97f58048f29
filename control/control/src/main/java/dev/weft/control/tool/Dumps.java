package dev.weft.control.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import dev.weft.control.admin.DebugPages;
import dev.weft.control.admin.DebugQuery;
import dev.weft.control.admin.NoAnswerException;
import dev.weft.translate.ResourceJson;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The debug pages about what one proxy should hold: those that name it by {@code proxyID}. */
final class Dumps {
  /** Pages that whoever may see one proxy may ask for. Istio: {@code activeNamespaceDebuggers}. */
  static final Set<String> OF_ONE_PROXY = Set.of("config_dump", "edsz", "ndsz");

  private final ConnectedProxies proxies;
  private final ResourceJson proto = new ResourceJson();
  private final ObjectMapper json = new ObjectMapper();

  Dumps(ConnectedProxies proxies) {
    this.proxies = proxies;
  }

  void addTo(DebugPages pages) {
    pages
        .add("config_dump?proxyID=", this::dump)
        .add("edsz?proxyID=", query -> configs(of(query).resources(XdsType.ENDPOINT)))
        .add("ndsz?proxyID=", query -> configs(of(query).resources(XdsType.NAME_TABLE)))
        .add("ecdsz?proxyID=", query -> configs(of(query).resources(XdsType.EXTENSION_CONFIG)));
  }

  private Object dump(DebugQuery query) throws NoAnswerException {
    EnvoyDump dump = of(query);
    String types = query.text("types");
    if (types.isEmpty()) {
      return configs(dump.sections(query.parameters().containsKey("include_eds")));
    }
    List<Any> resources = new ArrayList<>();
    for (XdsType type : types(types)) {
      resources.addAll(dump.resources(type));
    }
    return configs(resources);
  }

  private static Set<XdsType> types(String words) throws NoAnswerException {
    Set<XdsType> types = new LinkedHashSet<>();
    for (String word : words.split(",", -1)) {
      types.add(
          List.of(XdsType.values()).stream()
              .filter(type -> type.shortName().equals(word.toUpperCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new NoAnswerException(
                          400, "types has '" + word + "'; they are called cds, eds, lds, rds …")));
    }
    return types;
  }

  /** What a proxy should hold that the caller may see. */
  EnvoyDump of(DebugQuery query) throws NoAnswerException {
    String id = query.text("proxyID");
    if (id.isEmpty()) {
      throw new NoAnswerException(
          400, "You must provide a proxyID in the query string: POD.NAMESPACE, see /debug/syncz");
    }
    return proxies
        .held(id)
        .filter(
            held ->
                query.namespace().isEmpty()
                    || query.namespace().get().equals(held.proxy().namespace()))
        .map(EnvoyDump::new)
        .orElseThrow(
            () ->
                // The first sentences are what istioctl looks for before it asks another replica.
                new NoAnswerException(
                    404,
                    "Proxy not connected to this Pilot instance. It may be connected to another"
                        + " instance. (No proxy '"
                        + id
                        + "'; /debug/syncz lists those that there are.)"));
  }

  private Map<String, Object> configs(List<Any> resources) throws NoAnswerException {
    List<Object> bodies = new ArrayList<>();
    try {
      for (Any resource : resources) {
        bodies.add(json.readTree(proto.print(resource)));
      }
    } catch (JsonProcessingException e) {
      throw new NoAnswerException(500, e.getOriginalMessage());
    }
    return Map.of("configs", bodies);
  }
}
