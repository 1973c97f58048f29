package dev.weft.traffic;

import java.util.Map;
import java.util.TreeMap;

/**
 * A pod as the mesh's file describes it, and where its sockets really are. Redirection needs a
 * network namespace; here a proxy listens where its pod's application would, and the application
 * one network farther, so that every address of a configuration is the one that is dialled.
 *
 * @param address of the pod, in 127.0.0.0/8
 * @param application where the application's ports are
 */
record Pod(
    String cluster,
    String name,
    String namespace,
    String app,
    String address,
    String application,
    Map<String, String> labels) {

  /** Reads an entry of {@code pods}. */
  static Pod of(String cluster, Map<String, Object> entry) {
    String[] name = text(entry, "name").split("\\.", 2);
    String app = text(entry, "app");
    String address = text(entry, "ip");
    Map<String, String> labels =
        new TreeMap<>(
            Map.of(
                "app",
                app,
                "service.istio.io/canonical-name",
                app,
                "service.istio.io/canonical-revision",
                "latest"));
    if (entry.get("labels") instanceof Map<?, ?> more) {
      more.forEach((key, value) -> labels.put(key.toString(), value.toString()));
    }
    int last = address.lastIndexOf('.');
    int third = address.lastIndexOf('.', last - 1);
    int network = Integer.parseInt(address.substring(third + 1, last));
    return new Pod(
        cluster,
        name[0],
        name[1],
        app,
        address,
        address.substring(0, third + 1) + (network + 1) + address.substring(last),
        labels);
  }

  private static String text(Map<String, Object> entry, String key) {
    return String.valueOf(entry.get(key));
  }

  String spiffeId() {
    return "spiffe://cluster.local/ns/" + namespace + "/sa/" + app;
  }
}
