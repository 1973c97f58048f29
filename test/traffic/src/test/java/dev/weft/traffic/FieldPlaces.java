package dev.weft.traffic;

import dev.weft.traffic.FieldCase.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The same field in every place where it may stand: a traffic policy is one of a host, of a subset,
 * or of a port of either; the parts of an IstioGateway may be those of one cluster.
 */
final class FieldPlaces {
  private static final Set<String> OF_PORTS =
      Set.of("loadBalancer", "connectionPool", "outlierDetection", "tls");
  private static final Set<String> OF_GATEWAYS =
      Set.of("gatewayType", "clusterIds", "overrides", "meshExpansionPorts", "applicationPorts");
  private static final String POLICY = "trafficPolicy";
  private static final String SUBSET = "all";
  private static final int PORT = 8000;

  private FieldPlaces() {}

  /** Places and the case there; the first is the one that is written. */
  static Map<String, FieldCase> of(FieldCase written) {
    Map<String, FieldCase> places = new LinkedHashMap<>();
    places.put("as written", named(written, ""));
    if (written.field().startsWith(POLICY + ".")
        && !written.field().startsWith(POLICY + ".portLevelSettings.")
        && !written.spec().containsKey("subsets")) {
      Object policy = written.spec().getOrDefault(POLICY, Map.of());
      boolean ofPorts = policy instanceof Map<?, ?> parts && OF_PORTS.containsAll(parts.keySet());
      places.put("of a subset", named(ofSubset(written, policy), SUBSET));
      if (ofPorts) {
        Object port = ofPort((Map<?, ?>) policy);
        places.put("of a port", named(policy(written, port), ""));
        places.put("of a port of a subset", named(ofSubset(written, port), SUBSET));
      }
    }
    if (written.kind() == Kind.ISTIO_GATEWAY && !OF_GATEWAYS.contains(top(written.field()))) {
      places.put("of one cluster", ofCluster(written));
    }
    return places;
  }

  private static String top(String field) {
    return field.split("\\.", 2)[0];
  }

  private static Object ofPort(Map<?, ?> policy) {
    Map<String, Object> port = new LinkedHashMap<>();
    port.put("port", Map.of("number", PORT));
    policy.forEach((key, value) -> port.put(key.toString(), value));
    return Map.of("portLevelSettings", List.of(port));
  }

  private static FieldCase policy(FieldCase written, Object policy) {
    Map<String, Object> spec = new LinkedHashMap<>(written.spec());
    spec.put(POLICY, policy);
    return written.with(spec, written.beside(), written.steps());
  }

  private static FieldCase ofSubset(FieldCase written, Object policy) {
    Map<String, Object> spec = new LinkedHashMap<>(written.spec());
    String host = spec.getOrDefault("host", "web").toString();
    spec.remove(POLICY);
    spec.put(
        "subsets", List.of(Map.of("name", SUBSET, "labels", Map.of("app", host), POLICY, policy)));
    List<Object> beside = new ArrayList<>();
    written.beside().forEach(object -> beside.add(toSubset(object, host)));
    return written.with(spec, beside, written.steps());
  }

  /** Destinations of the host without a subset lead to the one that there is. */
  private static Object toSubset(Object tree, String host) {
    if (tree instanceof List<?> list) {
      return list.stream().map(each -> toSubset(each, host)).toList();
    }
    if (!(tree instanceof Map<?, ?> map)) {
      return tree;
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key.toString(), toSubset(value, host)));
    if (host.equals(copy.get("host")) && !copy.containsKey(POLICY)) {
      copy.putIfAbsent("subset", SUBSET);
    }
    return copy;
  }

  /** {@code CLUSTER} in steps is the cluster of the destination. */
  private static FieldCase named(FieldCase written, String subset) {
    String host = written.spec().getOrDefault("host", "web").toString();
    String cluster = "outbound|" + PORT + "|" + subset + "|" + host + ".shop.svc.cluster.local";
    UnaryOperator<Object> name =
        new UnaryOperator<>() {
          @Override
          public Object apply(Object tree) {
            return switch (tree) {
              case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) -> copy.put(key.toString(), apply(value)));
                yield copy;
              }
              case List<?> list -> list.stream().map(this).toList();
              case String text -> text.replace("CLUSTER", cluster);
              default -> tree;
            };
          }
        };
    return written.with(
        written.spec(),
        written.beside(),
        written.steps().stream().map(s -> new Words(name.apply(s.all()))).toList());
  }

  private static FieldCase ofCluster(FieldCase written) {
    Map<String, Object> spec = new LinkedHashMap<>();
    Map<String, Object> parts = new LinkedHashMap<>();
    written
        .spec()
        .forEach((key, value) -> (OF_GATEWAYS.contains(key) ? spec : parts).put(key, value));
    spec.put("overrides", Map.of("c1", parts));
    return written.with(spec, written.beside(), written.steps());
  }
}
