package dev.weft.apiserver.server;

import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.ServiceDialer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Opens servers on a directory of the test. */
final class TestServer {
  private static final ServiceDialer NO_SERVICES =
      (namespace, service, port) -> {
        throw new IOException("no endpoints available for service \"" + service + "\"");
      };

  private TestServer() {}

  static ApiServer open(Path directory) throws IOException {
    return open(directory, NO_SERVICES);
  }

  static ApiServer open(Path directory, ServiceDialer services) throws IOException {
    return ApiServer.open(settings(directory), new FakePods(), services);
  }

  static ApiServer open(Path directory, ApiServerOptions options) throws IOException {
    return ApiServer.open(settings(directory), new FakePods(), NO_SERVICES, options);
  }

  private static ApiServerSettings settings(Path directory) {
    return new ApiServerSettings("test", directory, 0, List.of());
  }

  /** A client context that trusts the server's certificate authority and nobody else. */
  static SSLContext trust(ApiServer server) throws IOException, GeneralSecurityException {
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    authorities.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    server.caCertificatePem().getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
