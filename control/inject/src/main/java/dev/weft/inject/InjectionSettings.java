package dev.weft.inject;

import dev.weft.types.TrustDomain;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the mesh says about sidecars; pods refine it with annotations.
 *
 * @param revision of this control plane, {@code default} for the only one
 * @param namespacesByDefault inject where neither namespace nor pod says anything
 * @param systemNamespaces where nothing is ever injected
 * @param proxyImage of both containers
 * @param imagePullPolicy empty for Kubernetes' own default
 * @param trustDomain of every identity
 * @param domainSuffix of service names
 * @param discoveryAddress host:port of xDS and CA, as pods reach it
 * @param meshId empty for none
 * @param proxyMetadata environment of every proxy, for example {@code ISTIO_META_DNS_CAPTURE}
 * @param proxyStart what comes first
 * @param includeIpRanges outbound destinations that are captured: CIDRs, or {@code *}
 * @param excludeIpRanges outbound destinations that are not; empty for none
 * @param logLevel of the proxy
 * @param rewriteAppProbes send the kubelet's probes through the proxy
 * @param mergePrometheus let the proxy answer scrapes for itself and the application
 * @param resources of the proxy
 */
public record InjectionSettings(
    String revision,
    boolean namespacesByDefault,
    Set<String> systemNamespaces,
    String proxyImage,
    String imagePullPolicy,
    TrustDomain trustDomain,
    String domainSuffix,
    String discoveryAddress,
    String meshId,
    Map<String, String> proxyMetadata,
    ProxyStart proxyStart,
    String includeIpRanges,
    String excludeIpRanges,
    String logLevel,
    boolean rewriteAppProbes,
    boolean mergePrometheus,
    Resources resources) {

  public InjectionSettings {
    systemNamespaces = Collections.unmodifiableSet(new TreeSet<>(systemNamespaces));
    proxyMetadata = Collections.unmodifiableMap(new LinkedHashMap<>(proxyMetadata));
  }

  /** In which order proxy and application start. */
  public enum ProxyStart {
    /**
     * The proxy is an init container that goes on running (Kubernetes 1.29 and later): it is ready
     * before other init containers and the application start, and stops after them.
     */
    NATIVE_SIDECAR,
    /** The proxy is the first container, and the others wait for it. */
    HOLD_APPLICATION,
    /** All containers start at once: the first requests of an application may fail. */
    TOGETHER
  }

  /** Requests and limits, as Kubernetes quantities; empty for none. */
  public record Resources(String cpu, String cpuLimit, String memory, String memoryLimit) {}

  /** Istio's defaults, but for the proxy's image, DNS capture (on) and its early start. */
  public static InjectionSettings defaults() {
    return new InjectionSettings(
        "default",
        false,
        new TreeSet<>(
            List.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage")),
        "weft/proxyv2",
        "",
        new TrustDomain("cluster.local"),
        "cluster.local",
        "istiod.istio-system.svc:15012",
        "",
        Map.of("ISTIO_META_DNS_CAPTURE", "true"),
        ProxyStart.NATIVE_SIDECAR,
        "*",
        "",
        "warning",
        true,
        true,
        new Resources("100m", "2000m", "128Mi", "1024Mi"));
  }

  /** The same with another environment for every proxy. */
  public InjectionSettings withProxyMetadata(Map<String, String> metadata) {
    return with(trustDomain, discoveryAddress, meshId, metadata, proxyStart);
  }

  /** The same with another start order. */
  public InjectionSettings withProxyStart(ProxyStart start) {
    return with(trustDomain, discoveryAddress, meshId, proxyMetadata, start);
  }

  /** The same for another trust domain, discovery address and mesh id. */
  public InjectionSettings withMesh(TrustDomain domain, String discovery, String mesh) {
    return with(domain, discovery, mesh, proxyMetadata, proxyStart);
  }

  private InjectionSettings with(
      TrustDomain domain,
      String discovery,
      String mesh,
      Map<String, String> metadata,
      ProxyStart start) {
    return new InjectionSettings(
        revision,
        namespacesByDefault,
        systemNamespaces,
        proxyImage,
        imagePullPolicy,
        domain,
        domainSuffix,
        discovery,
        mesh,
        metadata,
        start,
        includeIpRanges,
        excludeIpRanges,
        logLevel,
        rewriteAppProbes,
        mergePrometheus,
        resources);
  }
}
