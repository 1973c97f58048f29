package dev.weft.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What gateways listen to: Istio's {@code Gateway} (networking/v1/gateway.proto).
 *
 * @param selector labels of the gateway pods, in any namespace; empty means all
 */
public record GatewayConfig(ObjectMeta meta, Map<String, String> selector, List<Server> servers)
    implements ConfigObject {

  public GatewayConfig {
    selector = Copies.map(selector);
    servers = List.copyOf(servers);
  }

  /**
   * @param bind an address; empty for all
   * @param hosts {@code host} or {@code namespace/host}
   */
  public record Server(Port port, String bind, List<String> hosts, @Nullable ServerTls tls) {
    public Server {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * @param number the service port
   */
  public record Port(int number, String name, Protocol protocol) {}

  /** What is spoken on a gateway's port. */
  public enum Protocol {
    HTTP,
    HTTPS,
    HTTP2,
    GRPC,
    GRPC_WEB,
    MONGO,
    TCP,
    TLS
  }

  /**
   * What is asked of a client's certificate beside its names.
   *
   * @param rootsCredential {@code caCertCredentialName}: the Secret with the roots, where it is not
   *     that of the server's key; empty for that one
   * @param revoked {@code caCrl}: a file of the gateway's pod with revocation lists; empty for none
   * @param spki {@code verifyCertificateSpki}: SHA-256 of the key, base64
   * @param hashes {@code verifyCertificateHash}: SHA-256 of the certificate, hexadecimal
   */
  public record ClientChecks(
      String rootsCredential, String revoked, List<String> spki, List<String> hashes) {
    public static final ClientChecks NONE = new ClientChecks("", "", List.of(), List.of());

    public ClientChecks {
      spki = List.copyOf(spki);
      hashes = List.copyOf(hashes);
    }
  }

  public record ServerTls(
      Mode mode,
      String credentialName,
      String serverCertificate,
      String privateKey,
      String caCertificates,
      List<String> subjectAltNames,
      boolean httpsRedirect,
      String minProtocolVersion,
      String maxProtocolVersion,
      List<String> cipherSuites,
      ClientChecks clients) {
    public ServerTls {
      subjectAltNames = List.copyOf(subjectAltNames);
      cipherSuites = List.copyOf(cipherSuites);
    }

    /** Who terminates, and what is asked of clients. */
    public enum Mode {
      SIMPLE,
      MUTUAL,
      OPTIONAL_MUTUAL,
      ISTIO_MUTUAL,
      PASSTHROUGH,
      AUTO_PASSTHROUGH
    }
  }
}
