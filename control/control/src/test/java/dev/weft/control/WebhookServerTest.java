package dev.weft.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.CaSettings;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.ServingCertificate;
import dev.weft.ca.ServingTls;
import dev.weft.inject.ProxyConfigs;
import dev.weft.loop.Clock;
import dev.weft.types.TrustDomain;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookServerTest {
  private static final Clock CLOCK = Clock.system();
  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u",
       "object": {"apiVersion": "networking.istio.io/v1", "kind": "Sidecar",
                  "metadata": {"name": "a", "namespace": "b"}, "spec": {}, "more": "MORE"}}}
      """;

  private WebhookServer server;
  private HttpClient client;
  private String base;

  @BeforeEach
  void start() throws Exception {
    CertificateAuthority authority =
        CertificateAuthority.obtain(
            new NothingKept(),
            CaSettings.of(new TrustDomain("cluster.local")),
            CLOCK,
            new SecureRandom());
    server =
        new WebhookServer(
            "127.0.0.1",
            0,
            new ServingTls(new ServingCertificate(() -> authority, List.of("127.0.0.1"), CLOCK)),
            cluster -> {
              throw new IllegalStateException("nothing is injected here");
            },
            () -> ProxyConfigs.NONE,
            object -> List.of(),
            CLOCK);
    base = "https://127.0.0.1:" + server.start();
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    roots.setCertificateEntry("root", authority.roots().getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    client = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpRequest post(HttpRequest.BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create(base + "/validate")).POST(body).build();
  }

  private HttpResponse<String> review(String more) throws Exception {
    return client.send(
        post(BodyPublishers.ofString(REVIEW.replace("MORE", more))),
        HttpResponse.BodyHandlers.ofString());
  }

  /** As many spaces as are asked for, without a length that is known before. */
  private static final class Spaces extends InputStream {
    private long left;

    Spaces(long count) {
      left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? ' ' : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (left <= 0) {
        return -1;
      }
      int size = (int) Math.min(left, length);
      java.util.Arrays.fill(into, from, from + size, (byte) ' ');
      left -= size;
      return size;
    }
  }

  /** The status; -1 where the connection was closed before everything was sent. */
  private CompletableFuture<Integer> huge(HttpRequest.BodyPublisher body) {
    return client
        .sendAsync(post(body), HttpResponse.BodyHandlers.discarding())
        .handle((answer, broken) -> broken == null ? answer.statusCode() : -1);
  }

  @Test
  void bodies_that_no_api_server_sends_are_turned_away_while_others_are_answered()
      throws Exception {
    List<CompletableFuture<Integer>> attacks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      attacks.add(huge(BodyPublishers.ofInputStream(() -> new Spaces(60 << 20))));
      attacks.add(
          huge(
              BodyPublishers.fromPublisher(
                  BodyPublishers.ofInputStream(() -> new Spaces(60 << 20)), 60 << 20)));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(review("").statusCode()).isEqualTo(200);
    }
    for (CompletableFuture<Integer> attack : attacks) {
      assertThat(attack.join()).isIn(413, -1);
    }
  }

  @Test
  void a_review_may_be_as_large_as_kubernetes_lets_it() throws Exception {
    int room = Admissions.LARGEST - REVIEW.replace("MORE", "").length();
    HttpResponse<String> largest = review("x".repeat(room));
    assertThat(largest.statusCode()).isEqualTo(200);
    assertThat(largest.body()).contains("\"uid\":\"u\"");
    assertThat(huge(BodyPublishers.ofString(REVIEW.replace("MORE", "x".repeat(room + 1)))).join())
        .isIn(413, -1);
  }

  @Test
  void a_small_body_of_very_many_values_is_not_read_to_its_end() throws Exception {
    String values = "[" + "{},".repeat(600_000) + "{}]";
    HttpResponse<String> answer =
        client.send(
            post(BodyPublishers.ofByteArray(values.getBytes(StandardCharsets.US_ASCII))),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("not an AdmissionReview");
  }
}
