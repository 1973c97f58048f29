package dev.weft.control.status;

import dev.weft.config.ConfigKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the Istio API at random: every field that the schemas have, with values that people
 * write and with odd ones. Confined to a test.
 */
final class RandomIstioObjects {
  /** Of the fields of one object, those of which at most one makes sense. */
  private static final List<List<String>> CHOICES =
      List.of(
          List.of("route", "redirect", "directResponse", "delegate"),
          List.of("exact", "prefix", "regex"),
          List.of("simple", "consistentHash"),
          List.of("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"),
          List.of("distribute", "failover", "failoverPriority"),
          List.of("uri", "uriRegexRewrite"),
          List.of("credentialName", "credentialNames", "tlsCertificates", "serverCertificate"));

  /** Fields of one object that exclude each other, and may both be left out. */
  private static final List<List<String>> NOT_TOGETHER =
      List.of(
          List.of("uri", "prefixRewrite"),
          List.of("minimumRingSize", "ringHash"),
          List.of("minimumRingSize", "maglev"),
          List.of("ringHash", "maglev"),
          List.of("localityLbSetting", "zoneAwareLbSetting"),
          List.of("mirror", "mirrors"),
          List.of("fixedDelay", "exponentialDelay"),
          List.of("httpStatus", "http2Error"),
          List.of("credentialName", "caCertificates"),
          List.of("credentialName", "clientCertificate"),
          List.of("credentialName", "privateKey"),
          List.of("credentialName", "caCrl"),
          List.of("redirect", "fault"),
          List.of("redirect", "rewrite"),
          List.of("directResponse", "fault"),
          List.of("directResponse", "rewrite"));

  /** What no object may have, whatever is written there. */
  private static final Set<String> REFUSED =
      Set.of("delay.exponentialDelay", "abort.http2Error", "port.targetPort");

  /** The same by name: where it is written, nothing around it is tried. */
  private static final Set<String> SELDOM = Set.of("exponentialDelay", "http2Error", "targetPort");

  /** What an object is without sense without, for most people. */
  private static final List<String> EXPECTED =
      List.of(
          "hosts",
          "http",
          "destination",
          "servers",
          "port",
          "number",
          "trafficPolicy",
          "from",
          "sniHosts",
          "attempts",
          "uri",
          "abort",
          "fixedDelay",
          "bytes",
          "match");

  private static final List<ConfigKind> KINDS =
      List.of(
          ConfigKind.VIRTUAL_SERVICE,
          ConfigKind.DESTINATION_RULE,
          ConfigKind.GATEWAY,
          ConfigKind.PEER_AUTHENTICATION);

  private final SplittableRandom random;

  RandomIstioObjects(SplittableRandom random) {
    this.random = random;
  }

  /** An object in the namespace {@code shop}. */
  Map<String, Object> next(String name) {
    ConfigKind kind =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> ConfigKind.VIRTUAL_SERVICE;
          case 3, 4, 5 -> ConfigKind.DESTINATION_RULE;
          case 6 -> ConfigKind.GATEWAY;
          default -> ConfigKind.PEER_AUTHENTICATION;
        };
    return Map.of(
        "apiVersion",
        kind.group() + "/" + kind.versions().getFirst(),
        "kind",
        kind.kind(),
        "metadata",
        Map.of("name", name, "namespace", "shop"),
        "spec",
        value("spec", Crds.spec(kind)));
  }

  /**
   * The fields of the schemas that an object may have, each with the name of the field that it is
   * in.
   */
  static Set<String> fields() {
    Set<String> fields = new TreeSet<>();
    KINDS.forEach(kind -> addSchema(kind.kind(), Crds.spec(kind), fields));
    fields.removeAll(REFUSED);
    return fields;
  }

  private static void addSchema(String path, @Nullable Object schema, Set<String> fields) {
    if (schema instanceof Map<?, ?> map) {
      addSchema(path, map.get("items"), fields);
      if (map.get("properties") instanceof Map<?, ?> properties) {
        properties.forEach(
            (name, field) -> {
              fields.add(path + "." + name);
              addSchema(String.valueOf(name), field, fields);
            });
      }
    }
  }

  /** Adds the fields that an object has. */
  static void addFields(Map<String, Object> object, Set<String> fields) {
    addFields(String.valueOf(object.get("kind")), object.get("spec"), fields);
  }

  private static void addFields(String path, @Nullable Object value, Set<String> fields) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, field) -> {
            fields.add(path + "." + name);
            addFields(String.valueOf(name), field, fields);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(element -> addFields(path, element, fields));
    }
  }

  @SuppressWarnings("unchecked")
  private Object value(String name, Map<String, Object> schema) {
    if (schema.get("enum") instanceof List<?> constants) {
      return pick(constants);
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "object" -> {
        List<Map<String, Object>> whole = IstioValues.WHOLE.get(name);
        if (whole != null && random.nextInt(4) == 0) {
          yield pick(whole);
        }
        if (schema.get("properties") instanceof Map<?, ?> fields) {
          yield object((Map<String, Map<String, Object>>) fields, schema);
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
          for (int i = random.nextInt(3); i > 0; i--) {
            entries.put(
                odd()
                    ? pick(IstioValues.ODD_KEYS)
                    : pick(name.equals("to") ? IstioValues.PLACES : IstioValues.KEYS),
                value(name, (Map<String, Object>) values));
          }
        }
        yield entries;
      }
      case "array" -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(2); i > 0; i--) {
          list.add(value(name, items(schema)));
        }
        yield list;
      }
      case "boolean" -> random.nextBoolean();
      case "integer", "number" ->
          odd()
              ? pick(IstioValues.ODD_NUMBERS)
              : pick(
                  schema.containsKey("maximum")
                      ? List.<Object>of(80, 443, 8080, 9000)
                      : IstioValues.WRITTEN.getOrDefault(name, List.of(1, 5, 50, 100)));
      default ->
          odd()
              ? pick(IstioValues.ODD_TEXTS)
              : pick(
                  IstioValues.TIMES.contains(name)
                      ? IstioValues.DURATIONS
                      : IstioValues.WRITTEN.getOrDefault(name, List.of("a", "b-c", "web", "x-1")));
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> items(Map<String, Object> array) {
    return (Map<String, Object>) Objects.requireNonNull(array.get("items"));
  }

  private boolean odd() {
    return random.nextInt(60) == 0;
  }

  private Map<String, Object> object(
      Map<String, Map<String, Object>> fields, Map<String, Object> schema) {
    List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
    Map<String, Object> object = new LinkedHashMap<>();
    fields.forEach(
        (name, field) -> {
          boolean expected = required.contains(name) || EXPECTED.contains(name);
          if (expected
              ? random.nextInt(40) > 0
              : random.nextInt(SELDOM.contains(name) ? 40 : 3) == 0) {
            object.put(name, value(name, field));
          }
        });
    for (List<String> choice : CHOICES) {
      if (fields.keySet().containsAll(choice) && random.nextInt(40) > 0) {
        object.keySet().removeAll(choice);
        String one = random.nextBoolean() ? choice.getFirst() : pick(choice);
        object.put(one, value(one, Objects.requireNonNull(fields.get(one))));
      }
    }
    if (object.containsKey("serverCertificate") && !odd()) {
      object.put("privateKey", "/etc/k.pem");
    }
    for (List<String> pair : NOT_TOGETHER) {
      if (object.keySet().containsAll(pair) && !odd()) {
        object.remove(pick(pair));
      }
    }
    return object;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
