package dev.weft.inject;

import dev.weft.config.ControlIdentity;
import dev.weft.config.InjectorValues;
import dev.weft.config.InjectorValues.Capture;
import dev.weft.config.InjectorValues.NativeSidecars;
import dev.weft.config.InjectorValues.Redirect;
import dev.weft.config.InjectorValues.Resources;
import dev.weft.config.LabelSelector;
import dev.weft.config.MeshSettings;
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
 * @param image of both containers
 * @param trustDomain of every identity
 * @param domainSuffix of service names
 * @param discoveryAddress host:port of xDS and CA, as pods reach it
 * @param meshId empty for none
 * @param home where pods are of which the webhook's URL says nothing
 * @param proxyMetadata environment of every proxy, for example {@code ISTIO_META_DNS_CAPTURE}
 * @param proxyStart what comes first
 * @param redirect who makes traffic go through the proxy
 * @param logLevel of the proxy
 * @param componentLogLevel scopes with other levels, such as {@code misc:error}
 * @param rewriteAppProbes send the kubelet's probes through the proxy
 * @param mergePrometheus let the proxy answer scrapes for itself and the application
 * @param resources of the proxy
 * @param annotations put on every injected pod
 */
public record InjectionSettings(
    String revision,
    Selection selection,
    Image image,
    TrustDomain trustDomain,
    String domainSuffix,
    String discoveryAddress,
    String meshId,
    Home home,
    Map<String, String> proxyMetadata,
    ProxyStart proxyStart,
    Redirect redirect,
    Capture capture,
    String logLevel,
    String componentLogLevel,
    boolean rewriteAppProbes,
    boolean mergePrometheus,
    Resources resources,
    Map<String, String> annotations) {

  private static final Set<String> SYSTEM =
      new TreeSet<>(List.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage"));

  /** The image of a lab, whose catalogue knows it by its last part. */
  private static final String BUILT_IN = "weft/proxyv2";

  public InjectionSettings {
    proxyMetadata = Collections.unmodifiableMap(new LinkedHashMap<>(proxyMetadata));
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
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

  /**
   * An image and how nodes get it.
   *
   * @param pullPolicy empty for Kubernetes' own default
   * @param pullSecrets names of Secrets in the pods' namespaces
   */
  public record Image(String reference, String pullPolicy, List<String> pullSecrets) {
    public Image {
      pullSecrets = List.copyOf(pullSecrets);
    }
  }

  /**
   * Who gets a proxy, beyond labels of namespaces.
   *
   * @param namespacesByDefault inject where neither namespace nor pod says anything
   * @param systemNamespaces where nothing is ever injected
   * @param never pods that get none, unless they ask for one
   * @param always pods that get one, unless they decline it
   */
  public record Selection(
      boolean namespacesByDefault,
      Set<String> systemNamespaces,
      List<LabelSelector> never,
      List<LabelSelector> always) {
    public Selection {
      systemNamespaces = Collections.unmodifiableSet(new TreeSet<>(systemNamespaces));
      never = List.copyOf(never);
      always = List.copyOf(always);
    }
  }

  /**
   * The control plane's own cluster.
   *
   * @param cluster its id; Istio's {@code Kubernetes} where nobody named it
   * @param network of its pods; empty where only its registration says it
   */
  public record Home(String cluster, String network) {}

  /** Istio's defaults, but for the proxy's image, DNS capture (on) and its early start. */
  public static InjectionSettings defaults() {
    MeshSettings mesh = MeshSettings.defaults();
    return of(mesh, ControlIdentity.hosted(mesh.rootNamespace()), true);
  }

  /**
   * What the mesh's settings and the installation's values come to.
   *
   * @param sidecarContainers whether the cluster of the pods has them (see {@link
   *     ProxyStart#NATIVE_SIDECAR})
   */
  public static InjectionSettings of(
      MeshSettings mesh, ControlIdentity control, boolean sidecarContainers) {
    InjectorValues values = mesh.injector();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("ISTIO_META_DNS_CAPTURE", String.valueOf(mesh.dnsProxy()));
    metadata.putAll(mesh.proxyMetadata());
    return new InjectionSettings(
        control.revision(),
        new Selection(values.namespacesByDefault(), SYSTEM, values.never(), values.always()),
        new Image(
            values.image().isEmpty() ? BUILT_IN : values.image(),
            values.imagePullPolicy(),
            values.imagePullSecrets()),
        mesh.trustDomain(),
        mesh.domainSuffix(),
        mesh.discoveryAddress(),
        mesh.meshId().isEmpty() ? values.meshId() : mesh.meshId(),
        home(values, control),
        metadata,
        start(values, sidecarContainers),
        values.redirect(),
        values.capture(),
        values.logLevel(),
        values.componentLogLevel(),
        values.rewriteAppProbes(),
        true,
        values.resources(),
        values.annotations());
  }

  private static Home home(InjectorValues values, ControlIdentity control) {
    String named = values.clusterName().isEmpty() ? "Kubernetes" : values.clusterName();
    return new Home(control.own().map(Object::toString).orElse(named), values.network());
  }

  private static ProxyStart start(InjectorValues values, boolean sidecarContainers) {
    boolean sidecar =
        values.nativeSidecars() == NativeSidecars.ALWAYS
            || values.nativeSidecars() == NativeSidecars.AUTO && sidecarContainers;
    if (sidecar) {
      return ProxyStart.NATIVE_SIDECAR;
    }
    // What a sidecar container would have given, as far as an older cluster can.
    return values.nativeSidecars() == NativeSidecars.AUTO || values.holdApplication()
        ? ProxyStart.HOLD_APPLICATION
        : ProxyStart.TOGETHER;
  }
}
