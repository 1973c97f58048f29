package dev.weft.inject;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything but the pod that decides what injection does.
 *
 * @param namespace of the pod
 * @param namespaceLabels see {@link Injection#decide}
 * @param environment what the webhook's URL says, such as {@code ISTIO_META_CLUSTER_ID}; goes into
 *     the proxy's environment
 * @param proxyConfigs objects of users that say how proxies are started
 */
public record InjectionInputs(
    String namespace,
    Map<String, String> namespaceLabels,
    Map<String, String> environment,
    InjectionSettings settings,
    ProxyConfigs proxyConfigs) {
  public InjectionInputs {
    namespaceLabels = Map.copyOf(namespaceLabels);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** Without objects of users. */
  public InjectionInputs(
      String namespace,
      Map<String, String> namespaceLabels,
      Map<String, String> environment,
      InjectionSettings settings) {
    this(namespace, namespaceLabels, environment, settings, ProxyConfigs.NONE);
  }
}
