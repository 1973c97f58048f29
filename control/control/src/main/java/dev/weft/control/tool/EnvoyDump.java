package dev.weft.control.tool;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weft.control.ads.ConfigDump;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a proxy should hold, in the form of Envoy's {@code /config_dump}: what is compared with the
 * dump of the proxy itself. Without keys. Istio: pilot/pkg/xds/debug.go, {@code
 * connectionConfigDump}.
 */
record EnvoyDump(ConfigDump dump) {
  /** Its sections, in the order of Envoy's. */
  List<Any> sections(boolean withEndpoints) {
    List<Any> sections = new ArrayList<>();
    sections.add(Any.pack(BootstrapConfigDump.getDefaultInstance()));
    sections.add(Any.pack(clusters()));
    if (withEndpoints) {
      sections.add(Any.pack(endpoints()));
    }
    sections.add(Any.pack(listeners()));
    sections.add(Any.pack(ScopedRoutesConfigDump.getDefaultInstance()));
    sections.add(Any.pack(routes()));
    sections.add(Any.pack(secrets()));
    sections.add(Any.pack(extensions()));
    return sections;
  }

  /** The resources of one type, and nothing around them. */
  List<Any> resources(XdsType type) {
    return all(type).stream().map(resource -> body(type, resource)).toList();
  }

  private Collection<VersionedResource> all(XdsType type) {
    return dump.resources().of(type).values();
  }

  private Any body(XdsType type, VersionedResource resource) {
    return switch (type) {
      case SECRET -> Any.pack(shown(resource));
      case ROUTE -> Any.pack(withAskedHosts(resource));
      case CLUSTER, ENDPOINT, LISTENER, VIRTUAL_HOST, EXTENSION_CONFIG, NAME_TABLE ->
          resource.body();
    };
  }

  private ClustersConfigDump clusters() {
    ClustersConfigDump.Builder clusters = ClustersConfigDump.newBuilder();
    for (VersionedResource cluster : all(XdsType.CLUSTER)) {
      clusters
          .addDynamicActiveClustersBuilder()
          .setVersionInfo(cluster.version())
          .setCluster(cluster.body());
    }
    return clusters.build();
  }

  private EndpointsConfigDump endpoints() {
    EndpointsConfigDump.Builder endpoints = EndpointsConfigDump.newBuilder();
    for (VersionedResource assignment : all(XdsType.ENDPOINT)) {
      endpoints
          .addDynamicEndpointConfigsBuilder()
          .setVersionInfo(assignment.version())
          .setEndpointConfig(assignment.body());
    }
    return endpoints.build();
  }

  private ListenersConfigDump listeners() {
    ListenersConfigDump.Builder listeners = ListenersConfigDump.newBuilder();
    for (VersionedResource listener : all(XdsType.LISTENER)) {
      listeners
          .addDynamicListenersBuilder()
          .setName(listener.name())
          .getActiveStateBuilder()
          .setVersionInfo(listener.version())
          .setListener(listener.body());
    }
    return listeners.build();
  }

  private RoutesConfigDump routes() {
    RoutesConfigDump.Builder routes = RoutesConfigDump.newBuilder();
    for (VersionedResource table : all(XdsType.ROUTE)) {
      routes
          .addDynamicRouteConfigsBuilder()
          .setVersionInfo(table.version())
          .setRouteConfig(body(XdsType.ROUTE, table));
    }
    return routes.build();
  }

  /** With the hosts in it that the proxy asked for one by one, as it shows the table itself. */
  private RouteConfiguration withAskedHosts(VersionedResource table) {
    List<VirtualHost> asked =
        all(XdsType.VIRTUAL_HOST).stream()
            .filter(
                host ->
                    VirtualHostName.parse(host.name())
                        .filter(name -> name.table().equals(table.name()))
                        .isPresent())
            .map(host -> unpack(host.body(), VirtualHost.class))
            // One host may have been asked for by several names.
            .distinct()
            .toList();
    return unpack(table.body(), RouteConfiguration.class).toBuilder()
        .addAllVirtualHosts(asked)
        .build();
  }

  private SecretsConfigDump secrets() {
    SecretsConfigDump.Builder secrets = SecretsConfigDump.newBuilder();
    for (VersionedResource secret : all(XdsType.SECRET)) {
      secrets
          .addDynamicActiveSecretsBuilder()
          .setName(secret.name())
          .setVersionInfo(secret.version())
          .setSecret(body(XdsType.SECRET, secret));
    }
    return secrets.build();
  }

  /** What of a secret may be seen: certificates, and nothing else. */
  private static Secret shown(VersionedResource resource) {
    Secret secret = unpack(resource.body(), Secret.class);
    Secret.Builder shown = Secret.newBuilder().setName(secret.getName());
    switch (secret.getTypeCase()) {
      case TLS_CERTIFICATE ->
          shown.setTlsCertificate(
              TlsCertificate.newBuilder()
                  .setCertificateChain(secret.getTlsCertificate().getCertificateChain())
                  .setPrivateKey(DataSource.newBuilder().setInlineString("[redacted]")));
      case VALIDATION_CONTEXT ->
          shown.setValidationContext(
              CertificateValidationContext.newBuilder()
                  .setTrustedCa(secret.getValidationContext().getTrustedCa()));
      case SESSION_TICKET_KEYS, GENERIC_SECRET, TYPE_NOT_SET -> {}
    }
    return shown.build();
  }

  private EcdsConfigDump extensions() {
    EcdsConfigDump.Builder extensions = EcdsConfigDump.newBuilder();
    for (VersionedResource extension : all(XdsType.EXTENSION_CONFIG)) {
      extensions
          .addEcdsFiltersBuilder()
          .setVersionInfo(extension.version())
          .setEcdsFilter(extension.body());
    }
    return extensions.build();
  }

  private static <M extends Message> M unpack(Any body, Class<M> type) {
    try {
      return body.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a resource of ours cannot be read", e);
    }
  }
}
