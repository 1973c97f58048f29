package dev.weft.config;

import java.util.List;
import java.util.Map;

/**
 * What an installation says about the pods of proxies: Helm values as far as they concern them,
 * from the ConfigMap {@code istio-sidecar-injector}. An empty text is a value that was not given.
 *
 * @param image reference of the proxy's image; empty where the installation names no hub
 * @param imagePullSecrets names of Secrets in the pods' own namespaces
 * @param network of the own cluster's pods ({@code global.network})
 * @param clusterName of the own cluster ({@code global.multiCluster.clusterName})
 * @param holdApplication whether applications wait for the proxy
 * @param namespacesByDefault inject where neither namespace nor pod says anything
 * @param never pods with these labels get no proxy, unless they ask for one themselves
 * @param always pods with these labels get one, unless they decline it themselves
 * @param annotations put on every injected pod
 */
public record InjectorValues(
    String image,
    String imagePullPolicy,
    List<String> imagePullSecrets,
    String logLevel,
    String componentLogLevel,
    Resources resources,
    Capture capture,
    String network,
    String meshId,
    String clusterName,
    NativeSidecars nativeSidecars,
    Redirect redirect,
    boolean holdApplication,
    boolean namespacesByDefault,
    boolean rewriteAppProbes,
    List<LabelSelector> never,
    List<LabelSelector> always,
    Map<String, String> annotations) {

  /** The name of the ConfigMap for the default revision. */
  public static final String CONFIG_MAP = "istio-sidecar-injector";

  public InjectorValues {
    imagePullSecrets = List.copyOf(imagePullSecrets);
    never = List.copyOf(never);
    always = List.copyOf(always);
    annotations = Copies.map(annotations);
  }

  /** Whether the proxy runs as an init container that goes on running. */
  public enum NativeSidecars {
    /** Where the cluster has them by default: Kubernetes 1.29 and later. */
    AUTO,
    ALWAYS,
    NEVER
  }

  /** Who puts the rules into a pod's network by which its traffic goes through the proxy. */
  public enum Redirect {
    /** An init container of the pod, which needs NET_ADMIN and NET_RAW. */
    POD,
    /** A DaemonSet on the pod's node (chart {@code cni}); the pod itself needs no capability. */
    NODE
  }

  /** Requests and limits, as Kubernetes quantities; empty for none. */
  public record Resources(String cpu, String cpuLimit, String memory, String memoryLimit) {}

  /**
   * What is captured: lists of CIDRs or ports, or {@code *} for all of them.
   *
   * @param withoutInboundPorts empty for none, as all that are left out
   */
  public record Capture(
      String outboundRanges,
      String withoutOutboundRanges,
      String inboundPorts,
      String withoutInboundPorts,
      String outboundPorts,
      String withoutOutboundPorts) {}

  /** Istio's defaults: those of an installation without such a ConfigMap. */
  public static InjectorValues defaults() {
    return new InjectorValues(
        "",
        "",
        List.of(),
        "warning",
        "misc:error",
        new Resources("100m", "2000m", "128Mi", "1024Mi"),
        new Capture("*", "", "*", "", "", ""),
        "",
        "",
        "",
        NativeSidecars.AUTO,
        Redirect.POD,
        true,
        false,
        true,
        List.of(),
        List.of(),
        Map.of());
  }
}
