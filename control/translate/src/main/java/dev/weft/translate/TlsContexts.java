package dev.weft.translate;

import com.google.protobuf.BoolValue;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * TLS of the mesh and TLS to others. The workload's certificate and the roots are named {@code
 * default} and {@code ROOTCA}; they are served inside the pod, where the key is made. Istio:
 * pilot/pkg/networking/core/cluster_tls.go and pilot/pkg/security/model/authentication.go.
 */
final class TlsContexts {
  static final List<String> MTLS_ALPN = List.of("istio-peer-exchange", "istio");
  private static final List<String> MTLS_ALPN_H2 = List.of("istio-peer-exchange", "istio", "h2");
  private static final List<String> SERVER_ALPN_HTTP = List.of("h2", "http/1.1");
  private static final List<String> SERVER_ALPN_TCP =
      List.of("istio-peer-exchange", "h2", "http/1.1");
  private static final String WORKLOAD_CERTIFICATE = "default";
  private static final String ROOTS = "ROOTCA";
  private static final String SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt";

  private TlsContexts() {}

  static TransportSocket rawBuffer() {
    return socket("envoy.transport_sockets.raw_buffer", RawBuffer.getDefaultInstance());
  }

  /**
   * Mutual TLS to workloads of the mesh.
   *
   * @param identities the URIs of which a server must show one
   * @param http2 whether the service speaks HTTP/2
   */
  static TransportSocket meshClient(String sni, List<String> identities, boolean http2) {
    CertificateValidationContext.Builder names = CertificateValidationContext.newBuilder();
    for (String identity : identities) {
      names.addMatchTypedSubjectAltNames(
          uri(StringMatcher.newBuilder().setExact(identity).build()));
    }
    return tls(
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                mesh(names.build()).addAllAlpnProtocols(http2 ? MTLS_ALPN_H2 : MTLS_ALPN))
            .setSni(sni)
            .build());
  }

  /**
   * Mutual TLS of a workload of the mesh as the server.
   *
   * @param trustDomains of which clients must be
   */
  static TransportSocket meshServer(boolean http, List<String> trustDomains) {
    CertificateValidationContext.Builder names = CertificateValidationContext.newBuilder();
    for (String domain : trustDomains) {
      names.addMatchTypedSubjectAltNames(
          uri(StringMatcher.newBuilder().setPrefix("spiffe://" + domain + "/").build()));
    }
    return socket(
        "envoy.transport_sockets.tls",
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                mesh(names.build())
                    .setTlsParams(
                        TlsParameters.newBuilder()
                            .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2))
                    .addAllAlpnProtocols(http ? SERVER_ALPN_HTTP : SERVER_ALPN_TCP))
            .setRequireClientCertificate(BoolValue.of(true))
            .build());
  }

  /** TLS of a gateway with files of its pod. */
  static TransportSocket fileServer(GatewayListenerInputs.Tls.Files files, boolean http) {
    CommonTlsContext.Builder common =
        CommonTlsContext.newBuilder()
            .addTlsCertificates(
                TlsCertificate.newBuilder()
                    .setCertificateChain(DataSource.newBuilder().setFilename(files.certificate()))
                    .setPrivateKey(DataSource.newBuilder().setFilename(files.key())));
    if (!files.roots().isEmpty()) {
      common.setValidationContext(
          CertificateValidationContext.newBuilder()
              .setTrustedCa(DataSource.newBuilder().setFilename(files.roots())));
    }
    if (http) {
      common.addAllAlpnProtocols(SERVER_ALPN_HTTP);
    }
    return socket(
        "envoy.transport_sockets.tls",
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(common)
            .setRequireClientCertificate(BoolValue.of(files.requireClient()))
            .build());
  }

  /** TLS as a DestinationRule of mode SIMPLE or MUTUAL asks for. */
  static TransportSocket outside(dev.weft.config.TrafficPolicy.ClientTls tls, boolean http2) {
    CommonTlsContext.Builder common = CommonTlsContext.newBuilder();
    if (!tls.clientCertificate().isEmpty()) {
      common.addTlsCertificates(
          TlsCertificate.newBuilder()
              .setCertificateChain(DataSource.newBuilder().setFilename(tls.clientCertificate()))
              .setPrivateKey(DataSource.newBuilder().setFilename(tls.privateKey())));
    }
    if (!tls.insecureSkipVerify()) {
      CertificateValidationContext.Builder trust =
          CertificateValidationContext.newBuilder()
              .setTrustedCa(
                  DataSource.newBuilder()
                      .setFilename(
                          tls.caCertificates().isEmpty() ? SYSTEM_ROOTS : tls.caCertificates()));
      for (String name : tls.subjectAltNames()) {
        trust.addMatchTypedSubjectAltNames(
            SubjectAltNameMatcher.newBuilder()
                .setSanType(
                    name.contains("://")
                        ? SubjectAltNameMatcher.SanType.URI
                        : SubjectAltNameMatcher.SanType.DNS)
                .setMatcher(StringMatcher.newBuilder().setExact(name)));
      }
      common.setValidationContext(trust);
    }
    if (http2) {
      common.addAlpnProtocols("h2");
    }
    return tls(
        UpstreamTlsContext.newBuilder().setCommonTlsContext(common).setSni(tls.sni()).build());
  }

  private static TransportSocket tls(UpstreamTlsContext context) {
    return socket("envoy.transport_sockets.tls", context);
  }

  private static TransportSocket socket(String name, com.google.protobuf.Message config) {
    return TransportSocket.newBuilder()
        .setName(name)
        .setTypedConfig(DeterministicBytes.pack(config))
        .build();
  }

  private static SubjectAltNameMatcher uri(StringMatcher matcher) {
    return SubjectAltNameMatcher.newBuilder()
        .setSanType(SubjectAltNameMatcher.SanType.URI)
        .setMatcher(matcher)
        .build();
  }

  private static CommonTlsContext.Builder mesh(CertificateValidationContext names) {
    return CommonTlsContext.newBuilder()
        .addTlsCertificateSdsSecretConfigs(inThePod(WORKLOAD_CERTIFICATE))
        .setCombinedValidationContext(
            CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                .setDefaultValidationContext(names)
                .setValidationContextSdsSecretConfig(inThePod(ROOTS)));
  }

  private static SdsSecretConfig inThePod(String name) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(
            ConfigSource.newBuilder()
                .setInitialFetchTimeout(Durations.ZERO)
                .setResourceApiVersion(ApiVersion.V3)
                .setApiConfigSource(
                    ApiConfigSource.newBuilder()
                        .setApiType(ApiConfigSource.ApiType.GRPC)
                        .setSetNodeOnFirstMessageOnly(true)
                        .setTransportApiVersion(ApiVersion.V3)
                        .addGrpcServices(
                            GrpcService.newBuilder()
                                .setEnvoyGrpc(
                                    GrpcService.EnvoyGrpc.newBuilder()
                                        .setClusterName("sds-grpc")))))
        .build();
  }
}
