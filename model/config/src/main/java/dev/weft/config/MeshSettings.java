package dev.weft.config;

import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.NetworkId;
import dev.weft.types.TrustDomain;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Settings of the whole mesh: Istio's MeshConfig as far as it is supported, and the mesh's own
 * keys.
 *
 * @param trustDomainAliases other trust domains whose identities are accepted
 * @param domainSuffix of service host names, {@code cluster.local} by default
 * @param rootNamespace where objects apply to every namespace
 * @param connectTimeout of upstream connections
 * @param networks {@code meshNetworks}: networks written by hand
 * @param clusterLocal host patterns and whether their services stay inside each cluster; the most
 *     specific pattern wins; the defaults of Istio are always in force unless overridden
 * @param meshVipRange IPv4 range for addresses that the mesh gives to services itself
 * @param certificateLifetime of workload certificates where the proxy asks for none
 * @param maxCertificateLifetime the longest that a proxy may ask for
 * @param proxyMetadata environment of every proxy ({@code defaultConfig.proxyMetadata})
 * @param logProviders logs that objects may name
 * @param traces who gets spans, and of which requests
 * @param authorizers whom policies may name as providers, by their names
 * @param debounceQuiet how long nothing may change before a snapshot is built
 * @param debounceMost the longest that a change waits; one of endpoints among others, three times
 *     {@code debounceQuiet}
 * @param discovery which namespaces are looked at
 * @param exports which namespaces see objects that do not say it
 * @param paths how proxies clean the paths of requests
 * @param retries of requests whose route says nothing about them
 * @param injector what the installation says about pods with proxies
 */
public record MeshSettings(
    TrustDomain trustDomain,
    List<TrustDomain> trustDomainAliases,
    String domainSuffix,
    String rootNamespace,
    boolean autoMtls,
    boolean dnsProxy,
    AccessLog accessLog,
    LogProviders logProviders,
    TraceSettings traces,
    OutboundPolicy outboundPolicy,
    Duration connectTimeout,
    UnknownNetworkPolicy unknownNetworks,
    Map<NetworkId, MeshNetwork> networks,
    Map<String, Boolean> clusterLocal,
    LocalityLoadBalancing localityLoadBalancing,
    String meshVipRange,
    Duration certificateLifetime,
    Duration maxCertificateLifetime,
    String discoveryAddress,
    Map<String, String> proxyMetadata,
    Map<String, ExternalAuthorizer> authorizers,
    String meshId,
    Duration debounceQuiet,
    Duration debounceMax,
    Discovery discovery,
    DefaultExports exports,
    PathNormalization paths,
    Retries retries,
    InjectorValues injector) {

  public MeshSettings {
    trustDomainAliases = List.copyOf(trustDomainAliases);
    networks = Copies.map(networks);
    clusterLocal = Copies.map(clusterLocal);
    proxyMetadata = Copies.map(proxyMetadata);
    authorizers = Copies.map(authorizers);
  }

  /** What happens to traffic for destinations that the mesh does not know. */
  public enum OutboundPolicy {
    ALLOW_ANY,
    REGISTRY_ONLY
  }

  /** What is sent for endpoints on another network that has no known gateway. */
  public enum UnknownNetworkPolicy {
    /** Nothing, with a diagnostic. */
    WITHHOLD,
    /** Raw pod addresses, as Istio does ({@code compatibility: istio}). */
    ISTIO
  }

  /**
   * A network written by hand.
   *
   * @param fromRegistry clusters whose pods are in it
   * @param fromCidr address ranges whose endpoints are in it
   * @param gateways ways into it
   */
  public record MeshNetwork(
      List<ClusterId> fromRegistry, List<String> fromCidr, List<GatewayAddress> gateways) {
    public MeshNetwork {
      fromRegistry = List.copyOf(fromRegistry);
      fromCidr = List.copyOf(fromCidr);
      gateways = List.copyOf(gateways);
    }
  }

  /** A gateway of a network written by hand. */
  public sealed interface GatewayAddress {
    /** By address. */
    record Address(HostPort address) implements GatewayAddress {}

    /** By the host name of its Service. */
    record Registry(String hostname, int port) implements GatewayAddress {}
  }

  /** Of a hosted control plane with Istio's names. */
  public static MeshSettings defaults() {
    return defaults(ControlIdentity.hosted("istio-system"));
  }

  /** Of a control plane that says nothing else. */
  public static MeshSettings defaults(ControlIdentity control) {
    return defaults(control, TraceSettings.USUAL_SAMPLING);
  }

  /**
   * The same.
   *
   * @param sampling how many percent of the requests are traced where nobody says something else
   */
  public static MeshSettings defaults(ControlIdentity control, double sampling) {
    AccessLog accessLog = new AccessLog(LogProviders.STDOUT, new AccessLog.Format.Asm());
    return new MeshSettings(
        new TrustDomain("cluster.local"),
        List.of(),
        "cluster.local",
        control.rootNamespace(),
        true,
        true,
        accessLog,
        LogProviders.builtIn(accessLog),
        TraceSettings.sampled(sampling),
        OutboundPolicy.ALLOW_ANY,
        Duration.ofSeconds(10),
        UnknownNetworkPolicy.WITHHOLD,
        Map.of(),
        Map.of(),
        LocalityLoadBalancing.ENABLED,
        "240.240.0.0/16",
        Duration.ofHours(24),
        Duration.ofDays(90),
        control.service() + "." + control.rootNamespace() + ".svc:15012",
        Map.of(),
        Map.of(),
        "",
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        Discovery.EVERYTHING,
        DefaultExports.ALL,
        PathNormalization.BASE,
        Retries.USUAL,
        InjectorValues.defaults());
  }

  /** The same with other words of the installation about pods. */
  public MeshSettings withInjector(InjectorValues values) {
    return new MeshSettings(
        trustDomain,
        trustDomainAliases,
        domainSuffix,
        rootNamespace,
        autoMtls,
        dnsProxy,
        accessLog,
        logProviders,
        traces,
        outboundPolicy,
        connectTimeout,
        unknownNetworks,
        networks,
        clusterLocal,
        localityLoadBalancing,
        meshVipRange,
        certificateLifetime,
        maxCertificateLifetime,
        discoveryAddress,
        proxyMetadata,
        authorizers,
        meshId,
        debounceQuiet,
        debounceMax,
        discovery,
        exports,
        paths,
        retries,
        values);
  }
}
