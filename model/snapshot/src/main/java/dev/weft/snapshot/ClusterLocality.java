package dev.weft.snapshot;

import dev.weft.config.MeshSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which services stay inside each cluster: Istio's defaults, and what the settings say; the most
 * specific pattern wins. Istio: pilot/pkg/model/cluster_local.go.
 */
record ClusterLocality(Map<String, Boolean> patterns) {

  static ClusterLocality of(MeshSettings settings) {
    String suffix = ".svc." + settings.domainSuffix();
    Map<String, Boolean> patterns = new LinkedHashMap<>();
    patterns.put("*.kube-system" + suffix, true);
    patterns.put("kubernetes.default" + suffix, true);
    String discovery = settings.discoveryAddress();
    int colon = discovery.lastIndexOf(':');
    String host = colon > 0 ? discovery.substring(0, colon) : discovery;
    patterns.put(host.endsWith(".svc") ? host + "." + settings.domainSuffix() : host, true);
    patterns.putAll(settings.clusterLocal());
    return new ClusterLocality(patterns);
  }

  boolean clusterLocal(String hostname) {
    int best = -1;
    boolean result = false;
    for (Map.Entry<String, Boolean> entry : patterns.entrySet()) {
      String pattern = entry.getKey();
      int specificity = pattern.startsWith("*") ? pattern.length() : Integer.MAX_VALUE;
      if (specificity > best && HostNames.matches(pattern, hostname)) {
        best = specificity;
        result = entry.getValue();
      }
    }
    return result;
  }
}
