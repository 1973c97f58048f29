package dev.weft.translate;

import com.google.protobuf.BoolValue;
import dev.weft.config.CredentialKey;
import dev.weft.config.TrafficPolicy.ClientTls;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
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
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
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

  /** Before the name of a Secret that this control plane hands out. */
  static final String KUBERNETES = "kubernetes://";

  static final String FILE_CERTIFICATE = "file-cert:";
  static final String FILE_ROOTS = "file-root:";
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

  /** TLS of a gateway towards clients that need not be of the mesh. */
  static TransportSocket server(GatewayListenerInputs.Tls.Own tls, boolean http, Dialect dialect) {
    CommonTlsContext.Builder common =
        CommonTlsContext.newBuilder()
            .setTlsParams(
                TlsParameters.newBuilder()
                    .setTlsMinimumProtocolVersion(
                        version(tls.minimum(), TlsProtocol.TLSv1_2, dialect))
                    .setTlsMaximumProtocolVersion(
                        version(tls.maximum(), TlsProtocol.TLS_AUTO, dialect))
                    .addAllCipherSuites(tls.cipherSuites()));
    certificate(common, tls.certificate(), dialect);
    if (!tls.roots().isEmpty()) {
      roots(common, tls.roots(), client(tls), dialect);
    }
    if (http) {
      // Our proxy passes HTTP/2 on as a whole connection, which is not what a browser means by it.
      common.addAllAlpnProtocols(dialect == Dialect.WEFT ? List.of("http/1.1") : SERVER_ALPN_HTTP);
    }
    return socket(
        "envoy.transport_sockets.tls",
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(common)
            .setRequireClientCertificate(BoolValue.of(tls.requireClient()))
            .build());
  }

  /** What is asked of a client's certificate. */
  private static CertificateValidationContext client(GatewayListenerInputs.Tls.Own tls) {
    CertificateValidationContext.Builder context =
        names(tls.subjectAltNames()).toBuilder()
            .addAllVerifyCertificateSpki(tls.checks().spki())
            .addAllVerifyCertificateHash(tls.checks().hashes());
    if (!tls.checks().revoked().isEmpty()) {
      context.setCrl(file(tls.checks().revoked()));
    }
    return context.build();
  }

  private static TlsProtocol version(String written, TlsProtocol otherwise, Dialect dialect) {
    // Our proxy speaks nothing older than TLS 1.2, and the Gateway's warnings say so.
    boolean old = dialect != Dialect.WEFT;
    return switch (written) {
      case "TLSV1_0" -> old ? TlsProtocol.TLSv1_0 : TlsProtocol.TLSv1_2;
      case "TLSV1_1" -> old ? TlsProtocol.TLSv1_1 : TlsProtocol.TLSv1_2;
      case "TLSV1_2" -> TlsProtocol.TLSv1_2;
      case "TLSV1_3" -> TlsProtocol.TLSv1_3;
      default -> otherwise;
    };
  }

  /** Istio's clients ask whoever is in the pod for files; others read them themselves. */
  private static void certificate(CommonTlsContext.Builder common, String name, Dialect dialect) {
    if (dialect == Dialect.STOCK && name.startsWith(FILE_CERTIFICATE)) {
      int between = name.indexOf('~');
      common.addTlsCertificates(
          TlsCertificate.newBuilder()
              .setCertificateChain(file(name.substring(FILE_CERTIFICATE.length(), between)))
              .setPrivateKey(file(name.substring(between + 1))));
    } else {
      common.addTlsCertificateSdsSecretConfigs(secret(name));
    }
  }

  private static void roots(
      CommonTlsContext.Builder common,
      String name,
      CertificateValidationContext names,
      Dialect dialect) {
    if (dialect == Dialect.STOCK && name.startsWith(FILE_ROOTS)) {
      common.setValidationContext(
          names.toBuilder().setTrustedCa(file(name.substring(FILE_ROOTS.length()))));
    } else {
      common.setCombinedValidationContext(
          CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
              .setDefaultValidationContext(names)
              .setValidationContextSdsSecretConfig(secret(name)));
    }
  }

  private static DataSource file(String path) {
    return DataSource.newBuilder().setFilename(path).build();
  }

  private static CertificateValidationContext names(List<String> subjectAltNames) {
    CertificateValidationContext.Builder names = CertificateValidationContext.newBuilder();
    for (String name : subjectAltNames) {
      names.addMatchTypedSubjectAltNames(
          SubjectAltNameMatcher.newBuilder()
              .setSanType(
                  name.contains("://")
                      ? SubjectAltNameMatcher.SanType.URI
                      : SubjectAltNameMatcher.SanType.DNS)
              .setMatcher(StringMatcher.newBuilder().setExact(name)));
    }
    return names.build();
  }

  private static SdsSecretConfig secret(String name) {
    return name.startsWith(KUBERNETES)
        ? SdsSecretConfig.newBuilder()
            .setName(name)
            .setSdsConfig(
                ConfigSource.newBuilder()
                    .setAds(AggregatedConfigSource.getDefaultInstance())
                    .setResourceApiVersion(ApiVersion.V3))
            .build()
        : inThePod(name);
  }

  /** TLS as a DestinationRule of mode SIMPLE or MUTUAL asks for. */
  static TransportSocket outside(ClientTls tls, boolean http2, Dialect dialect) {
    CommonTlsContext.Builder common = CommonTlsContext.newBuilder();
    String secret = tls.credentialName();
    if (!tls.clientCertificate().isEmpty()) {
      certificate(
          common, FILE_CERTIFICATE + tls.clientCertificate() + "~" + tls.privateKey(), dialect);
    } else if (!secret.isEmpty() && tls.mode() == ClientTls.Mode.MUTUAL) {
      certificate(common, KUBERNETES + secret, dialect);
    }
    if (tls.insecureSkipVerify()) {
      // Encrypted, whoever it is.
    } else if (!secret.isEmpty()) {
      roots(
          common, KUBERNETES + CredentialKey.roots(secret), names(tls.subjectAltNames()), dialect);
    } else {
      common.setValidationContext(
          names(tls.subjectAltNames()).toBuilder()
              .setTrustedCa(
                  file(tls.caCertificates().isEmpty() ? SYSTEM_ROOTS : tls.caCertificates())));
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
