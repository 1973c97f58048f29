package dev.weft.types;

import java.util.Locale;
import java.util.Optional;

/** What is spoken on a service port, as port names and {@code appProtocol} declare it. */
public enum AppProtocol {
  HTTP,
  HTTP2,
  GRPC,
  GRPC_WEB,
  HTTPS,
  TLS,
  TCP,
  MONGO,
  MYSQL,
  REDIS,
  UDP,
  HBONE,
  /** Not declared: found out from the first bytes of a connection. */
  AUTO;

  /** Whether requests can be told apart without decrypting anything. */
  public boolean isHttp() {
    return switch (this) {
      case HTTP, HTTP2, GRPC, GRPC_WEB -> true;
      case HTTPS, TLS, TCP, MONGO, MYSQL, REDIS, UDP, HBONE, AUTO -> false;
    };
  }

  /**
   * The protocol of a service port. Istio: pkg/config/kube/conversion.go.
   *
   * @param transport {@code TCP}, {@code UDP} or {@code SCTP}
   * @param appProtocol empty where not set
   */
  public static AppProtocol of(String transport, String appProtocol, String portName, int port) {
    if (!transport.isEmpty() && !transport.equals("TCP")) {
      return UDP;
    }
    if (!appProtocol.isEmpty()) {
      return switch (appProtocol) {
        case "kubernetes.io/h2c" -> HTTP2;
        case "kubernetes.io/ws" -> HTTP;
        case "kubernetes.io/wss" -> HTTPS;
        default -> named(appProtocol).orElse(AUTO);
      };
    }
    if (!portName.isEmpty()) {
      Optional<AppProtocol> declared = named(portName);
      if (declared.isEmpty() && portName.startsWith("grpc-web-")) {
        return GRPC_WEB;
      }
      if (declared.isEmpty() && portName.indexOf('-') > 0) {
        declared = named(portName.substring(0, portName.indexOf('-')));
      }
      if (declared.isPresent()) {
        return declared.get();
      }
    }
    return switch (port) {
      // Servers of these speak first, so there is nothing to sniff.
      case 25, 53, 3306, 27017 -> TCP;
      default -> AUTO;
    };
  }

  /** The protocol of a name, in any case; empty where nobody has it. */
  public static Optional<AppProtocol> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "http" -> Optional.of(HTTP);
      case "http2" -> Optional.of(HTTP2);
      case "grpc" -> Optional.of(GRPC);
      case "grpc-web" -> Optional.of(GRPC_WEB);
      case "https" -> Optional.of(HTTPS);
      case "tls" -> Optional.of(TLS);
      case "tcp" -> Optional.of(TCP);
      case "mongo" -> Optional.of(MONGO);
      case "mysql" -> Optional.of(MYSQL);
      case "redis" -> Optional.of(REDIS);
      case "udp" -> Optional.of(UDP);
      case "hbone" -> Optional.of(HBONE);
      default -> Optional.empty();
    };
  }
}
