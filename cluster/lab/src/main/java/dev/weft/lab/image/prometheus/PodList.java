package dev.weft.lab.image.prometheus;

import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The pods of the cluster, as the pod's own ServiceAccount may list them. */
final class PodList {
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final HttpClient http;
  private final URI pods;

  private PodList(HttpClient http, URI pods) {
    this.http = http;
    this.pods = pods;
  }

  /**
   * By what every pod is given.
   *
   * @throws IOException where it is not
   */
  static PodList ofServiceAccount(Map<String, String> environment) throws IOException {
    try (InputStream ca = Files.newInputStream(ACCOUNT.resolve("ca.crt"))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "cluster", CertificateFactory.getInstance("X.509").generateCertificate(ca));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return new PodList(
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(5))
              .sslContext(tls)
              .build(),
          URI.create(
              "https://%s:%s/api/v1/pods"
                  .formatted(
                      environment.getOrDefault("KUBERNETES_SERVICE_HOST", "kubernetes.default"),
                      environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"))));
    } catch (GeneralSecurityException e) {
      throw new IOException("the ServiceAccount's ca.crt is no certificate", e);
    }
  }

  /** All of them, now. */
  Json read() throws IOException, InterruptedException {
    // The token is changed while the pod lives.
    String token = Files.readString(ACCOUNT.resolve("token")).strip();
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(pods)
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "the API server answers %d to a list of pods".formatted(response.statusCode()));
    }
    return Json.parse(response.body())
        .orElseThrow(() -> new IOException("the API server's list of pods is no JSON"));
  }
}
