package dev.weft.translate;

import dev.weft.config.TrafficPolicy.ClientTls;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.xds.ClusterName;
import dev.weft.xds.DialledTransports;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cluster of a service port. Istio: pilot/pkg/networking/core/cluster.go. */
final class OutboundClusterTranslator {
  private OutboundClusterTranslator() {}

  static Cluster translate(OutboundClusterInputs in) {
    @Nullable ConnectionPool pool = in.policy().connectionPool();
    boolean http2 = ClusterPolicies.http2(in.protocol(), pool);
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(in.name().format())
            .setConnectTimeout(
                Durations.of(
                    pool != null && pool.connectTimeout() != null
                        ? pool.connectTimeout()
                        : in.connectTimeout()))
            .setCircuitBreakers(ClusterPolicies.circuitBreakers(pool))
            .setMetadata(metadata(in));
    cluster.setCommonLbConfig(Cluster.CommonLbConfig.getDefaultInstance());
    ClusterPolicies.keepalive(cluster, pool);
    switch (in.endpoints()) {
      case EndpointSource.Dialled dialled ->
          cluster
              .setType(Cluster.DiscoveryType.ORIGINAL_DST)
              .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
      case EndpointSource.Told told ->
          cluster
              .setType(Cluster.DiscoveryType.EDS)
              .setEdsClusterConfig(
                  Cluster.EdsClusterConfig.newBuilder()
                      .setServiceName(in.name().format())
                      .setEdsConfig(
                          ConfigSource.newBuilder()
                              .setAds(AggregatedConfigSource.getDefaultInstance())
                              .setInitialFetchTimeout(Durations.ZERO)
                              .setResourceApiVersion(ApiVersion.V3)));
      case EndpointSource.Resolved resolved ->
          cluster
              .setType(
                  resolved.first()
                      ? Cluster.DiscoveryType.LOGICAL_DNS
                      : Cluster.DiscoveryType.STRICT_DNS)
              .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED)
              .setLoadAssignment(LoadAssignmentTranslator.whole(resolved.endpoints()));
    }
    if (!(in.endpoints() instanceof EndpointSource.Dialled)) {
      ClusterPolicies.loadBalancer(cluster, in.policy().loadBalancer());
      ClusterPolicies.outlier(
          cluster,
          in.policy().outlierDetection(),
          in.locality() instanceof LocalityPreference.Nearest);
      if (in.locality().weighted()) {
        ClusterPolicies.weightedLocalities(cluster);
      }
    }
    ClusterPolicies.http(cluster, in.protocol(), pool, names(in.security()));
    switch (in.security()) {
      case UpstreamSecurity.None none -> {}
      case UpstreamSecurity.ByEndpoint mesh -> {
        cluster
            .addTransportSocketMatches(
                match(
                    "tlsMode-istio",
                    Map.of("tlsMode", "istio"),
                    TlsContexts.meshClient(mesh.sni(), mesh.identities(), http2)))
            .addTransportSocketMatches(
                match("tlsMode-disabled", Map.of(), TlsContexts.rawBuffer()));
        metadataExchange(in, cluster);
      }
      case UpstreamSecurity.Mesh mesh -> {
        cluster.setTransportSocket(TlsContexts.meshClient(mesh.sni(), mesh.identities(), http2));
        metadataExchange(in, cluster);
      }
      case UpstreamSecurity.Outside outside ->
          cluster.setTransportSocket(TlsContexts.outside(outside.tls(), http2, in.dialect()));
    }
    return cluster.build();
  }

  /**
   * A rule that names no server means the one that the request is for. Istio:
   * pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation.
   */
  private static UpstreamHttpProtocolOptions names(UpstreamSecurity security) {
    UpstreamHttpProtocolOptions.Builder names = UpstreamHttpProtocolOptions.newBuilder();
    if (security instanceof UpstreamSecurity.Outside(ClientTls tls) && tls.sni().isEmpty()) {
      names
          .setAutoSni(true)
          .setAutoSanValidation(tls.subjectAltNames().isEmpty() && !tls.insecureSkipVerify());
    }
    return names.build();
  }

  private static void metadataExchange(OutboundClusterInputs in, Cluster.Builder cluster) {
    if (in.dialect().istio()) {
      cluster.addFilters(Filters.upstreamMetadataExchange());
    }
  }

  private static Cluster.TransportSocketMatch match(
      String name, Map<String, String> criteria, TransportSocket socket) {
    return Cluster.TransportSocketMatch.newBuilder()
        .setName(name)
        .setMatch(Structs.of(criteria))
        .setTransportSocket(socket)
        .build();
  }

  private static Metadata metadata(OutboundClusterInputs in) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!in.rule().isEmpty()) {
      fields.put("config", in.rule());
    }
    switch (in.name()) {
      case ClusterName.Outbound out -> {
        fields.put("default_original_port", out.port());
        subset(fields, out.subset());
      }
      case ClusterName.SniDnat sni -> {
        fields.put("default_original_port", sni.port());
        subset(fields, sni.subset());
      }
      case ClusterName.Inbound inbound -> {}
      case ClusterName.Special special -> {}
    }
    fields.put(
        "services",
        List.of(
            Map.of(
                "host", in.hostname(),
                "name", in.service().name(),
                "namespace", in.service().namespace())));
    Metadata.Builder metadata =
        Metadata.newBuilder().putFilterMetadata("istio", Structs.of(fields));
    if (in.endpoints() instanceof EndpointSource.Dialled dialled && !dialled.mutual().isEmpty()) {
      metadata.putFilterMetadata(
          DialledTransports.METADATA,
          Structs.of(Map.of(DialledTransports.ISTIO, dialled.mutual())));
    }
    return metadata.build();
  }

  private static void subset(Map<String, Object> fields, String subset) {
    if (!subset.isEmpty()) {
      fields.put("subset", subset);
    }
  }
}
