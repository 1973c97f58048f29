package dev.weft.redirect.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The way to the API server that every pod has.
 *
 * @param server its address
 * @param credentials the directory with {@code token} and {@code ca.crt}, which change: they are
 *     read each time
 */
record ApiServerAccess(URI server, Path credentials) {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /**
   * By the environment of a pod.
   *
   * @throws IllegalStateException outside of a cluster
   */
  static ApiServerAccess of(Map<String, String> environment) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    if (host.isEmpty()) {
      throw new IllegalStateException(
          "redirect-node: KUBERNETES_SERVICE_HOST is not set; this runs in a pod (chart cni)");
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    return new ApiServerAccess(
        URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port),
        Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));
  }

  String token() throws IOException {
    return Files.readString(credentials.resolve("token")).strip();
  }

  /** One that trusts the cluster's own authority, and no other. */
  HttpClient client() throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (server.getScheme().equals("https")) {
      builder.sslContext(trust(credentials.resolve("ca.crt")));
    }
    return builder.build();
  }

  private static SSLContext trust(Path authorities) throws IOException {
    try (InputStream in = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(authorities + " cannot be used: " + e.getMessage(), e);
    }
  }
}
