package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Helm values mean something: those that the charts' own {@code values.yaml} have, and those
 * of gateways in an IstioOperator. Below an empty map or a list, everything is known.
 */
record KnownValues(Map<String, Object> tree) {

  /**
   * @param base values of the chart {@code base}
   * @param control values of the chart {@code control}
   * @param cni values of the chart {@code cni}
   */
  static KnownValues of(
      Map<String, Object> base, Map<String, Object> control, Map<String, Object> cni) {
    Map<String, Object> gateway = new LinkedHashMap<>();
    GatewayReader.VALUES.forEach(name -> gateway.put(name, Map.of()));
    Map<String, Object> gateways =
        Map.of(
            "gateways",
            Map.of(Profile.INGRESS, gateway, Profile.EGRESS, gateway, "securityContext", Map.of()));
    return new KnownValues(Trees.merged(Trees.merged(Trees.merged(base, cni), control), gateways));
  }

  List<Problem> unknown(String path, Map<String, Object> written) {
    List<Problem> problems = new ArrayList<>();
    unknown(path, written, tree, problems);
    return problems;
  }

  private static void unknown(
      String path, Map<String, Object> written, Map<String, Object> known, List<Problem> problems) {
    written.forEach(
        (key, value) -> {
          String here = path + "." + key;
          if (!known.containsKey(key)) {
            problems.add(new Problem(here, "there is no such value here"));
          } else if (value instanceof Map<?, ?>
              && known.get(key) instanceof Map<?, ?> inner
              && !inner.isEmpty()) {
            unknown(here, Trees.map(value), Trees.map(inner), problems);
          }
        });
  }
}
