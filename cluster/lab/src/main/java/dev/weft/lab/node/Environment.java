package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The environment of a container. */
record Environment(ObjectStore store, DownwardFields fields) {

  /**
   * @param defaults of the image, which the pod's own variables override
   * @throws ConfigException for a reference to something that is not there and not optional
   */
  Map<String, String> of(JsonNode container, Map<String, String> defaults) throws ConfigException {
    Map<String, String> result = new LinkedHashMap<>();
    // Kubernetes' order: links to services go before what an image says.
    result.putAll(defaults);
    result.put("HOSTNAME", fields.pod().hostname());
    services(result);
    for (JsonNode source : container.path("envFrom")) {
      from(source, result);
    }
    for (JsonNode each : container.path("env")) {
      value(each, container, result).ifPresent(v -> result.put(each.path("name").asText(), v));
    }
    return result;
  }

  private void services(Map<String, String> result) {
    store.get(Kinds.SERVICES, "default", "kubernetes").ifPresent(s -> service(s, result));
    if (fields.pod().spec().path("enableServiceLinks").asBoolean(true)) {
      for (ObjectNode each :
          store.list(Kinds.SERVICES, fields.pod().namespace(), Selector.ALL).items()) {
        service(each, result);
      }
    }
  }

  private static void service(ObjectNode service, Map<String, String> result) {
    String address = service.path("spec").path("clusterIP").asText("");
    if (address.isEmpty() || address.equals("None")) {
      return;
    }
    String prefix = Meta.name(service).toUpperCase(Locale.ROOT).replace('-', '_');
    result.put(prefix + "_SERVICE_HOST", address);
    boolean first = true;
    for (JsonNode port : service.path("spec").path("ports")) {
      String number = port.path("port").asText();
      String protocol = port.path("protocol").asText("TCP");
      String url = protocol.toLowerCase(Locale.ROOT) + "://" + address + ":" + number;
      if (first) {
        result.put(prefix + "_SERVICE_PORT", number);
        result.put(prefix + "_PORT", url);
        first = false;
      }
      String name = port.path("name").asText("").toUpperCase(Locale.ROOT).replace('-', '_');
      if (!name.isEmpty()) {
        result.put(prefix + "_SERVICE_PORT_" + name, number);
      }
      String full = prefix + "_PORT_" + number + "_" + protocol;
      result.put(full, url);
      result.put(full + "_PROTO", protocol.toLowerCase(Locale.ROOT));
      result.put(full + "_PORT", number);
      result.put(full + "_ADDR", address);
    }
  }

  private void from(JsonNode source, Map<String, String> result) throws ConfigException {
    String prefix = source.path("prefix").asText("");
    if (source.has("configMapRef")) {
      Optional<ObjectNode> map = referenced(Kinds.CONFIG_MAPS, source.path("configMapRef"));
      map.ifPresent(m -> Meta.strings(m.path("data")).forEach((k, v) -> result.put(prefix + k, v)));
    }
    if (source.has("secretRef")) {
      Optional<ObjectNode> secret = referenced(Kinds.SECRETS, source.path("secretRef"));
      secret.ifPresent(
          s -> Meta.strings(s.path("data")).forEach((k, v) -> result.put(prefix + k, decode(v))));
    }
  }

  private Optional<ObjectNode> referenced(ResourceType type, JsonNode reference)
      throws ConfigException {
    String name = reference.path("name").asText();
    Optional<ObjectNode> found = store.get(type, fields.pod().namespace(), name);
    if (found.isEmpty() && !reference.path("optional").asBoolean(false)) {
      throw new ConfigException("%s \"%s\" not found".formatted(type.plural(), name));
    }
    return found;
  }

  private Optional<String> value(JsonNode each, JsonNode container, Map<String, String> sofar)
      throws ConfigException {
    JsonNode from = each.path("valueFrom");
    if (!from.isObject()) {
      return Optional.of(Expansion.expand(each.path("value").asText(""), sofar));
    }
    if (from.has("fieldRef")) {
      String path = from.path("fieldRef").path("fieldPath").asText();
      return Optional.of(
          fields
              .field(path)
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "env %s: field \"%s\" is not supported"
                              .formatted(each.path("name").asText(), path))));
    }
    if (from.has("resourceFieldRef")) {
      return fields.resource(from.path("resourceFieldRef"), container);
    }
    if (from.has("configMapKeyRef")) {
      return key(Kinds.CONFIG_MAPS, from.path("configMapKeyRef"));
    }
    return key(Kinds.SECRETS, from.path("secretKeyRef")).map(Environment::decode);
  }

  private Optional<String> key(ResourceType type, JsonNode reference) throws ConfigException {
    Optional<ObjectNode> object = referenced(type, reference);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    String key = reference.path("key").asText();
    JsonNode value = object.get().path("data").path(key);
    if (value.isMissingNode()) {
      if (reference.path("optional").asBoolean(false)) {
        return Optional.empty();
      }
      throw new ConfigException(
          "couldn't find key %s in %s %s/%s"
              .formatted(
                  key, type.kind(), fields.pod().namespace(), reference.path("name").asText()));
    }
    return Optional.of(value.asText());
  }

  static String decode(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
