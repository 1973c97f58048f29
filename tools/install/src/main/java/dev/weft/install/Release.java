package dev.weft.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A chart with values, as {@code helm install NAME CHART --namespace NAMESPACE --values …}.
 *
 * @param chart the name of its directory
 */
record Release(String chart, String name, String namespace, Map<String, Object> values) {

  /** What an IstioOperator comes to, in the order of installation. */
  static List<Release> of(IstioOperator wanted) {
    List<Release> releases = new ArrayList<>();
    if (wanted.withBase()) {
      releases.add(new Release("base", "weft-base", wanted.namespace(), wanted.base()));
    }
    wanted
        .cni()
        .ifPresent(c -> releases.add(new Release("cni", "istio-cni", c.namespace(), c.values())));
    if (wanted.withControl()) {
      String suffix = wanted.revision().equals("default") ? "" : "-" + wanted.revision();
      releases.add(new Release("control", "istiod" + suffix, wanted.namespace(), wanted.control()));
    }
    for (IstioOperator.Gateway gateway : wanted.gateways()) {
      releases.add(new Release("gateway", gateway.name(), gateway.namespace(), gateway.values()));
    }
    return releases;
  }
}
