package dev.weft.prometheus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The servers that are configured, asked all at once. Thread-safe. */
public final class Fleet implements AutoCloseable {
  /** So many pictures are made at the same time; their memory is bounded one by one. */
  private static final int QUESTIONS = 2;

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** What a server may take beyond the time of one query, for reading what it says. */
  private static final Duration READING = Duration.ofSeconds(5);

  private final Servers servers;
  private final Semaphore questions = new Semaphore(QUESTIONS);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("prometheus-", 0).factory());

  /** Clients by the certificates that they trust. */
  private final Map<String, HttpClient> clients = new HashMap<>();

  /** The servers as they are configured now. */
  @FunctionalInterface
  public interface Servers {
    /**
     * Read anew for each question.
     *
     * @throws PrometheusFileException naming the field that is wrong
     */
    List<PrometheusServer> read() throws PrometheusFileException;
  }

  /** What is asked of each server. */
  @FunctionalInterface
  interface Question<T> {
    T ask(HttpPrometheus server) throws PrometheusException, InterruptedException;
  }

  /** What one of them says. */
  record Answer<T>(PrometheusServer server, T value) {}

  /**
   * What they say.
   *
   * @param complaints of those that do not, or of the configuration
   */
  record Answers<T>(List<Answer<T>> answers, List<String> complaints) {}

  public Fleet(Servers servers) {
    this.servers = servers;
  }

  /** Whether any server is configured; a configuration with a fault counts as one. */
  public boolean configured() {
    try {
      return !servers.read().isEmpty();
    } catch (PrometheusFileException e) {
      return true;
    }
  }

  /** Asks all of them, and waits no longer than each may take. */
  <T> Answers<T> ask(Question<T> question) {
    try {
      List<PrometheusServer> asked = servers.read();
      if (asked.isEmpty()) {
        return refused("no Prometheus server is configured");
      }
      Duration longest =
          asked.stream().map(PrometheusServer::timeout).max(Duration::compareTo).orElse(CONNECT);
      if (!questions.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        return refused("%d other pictures are being made; try again".formatted(QUESTIONS));
      }
      try {
        return ask(asked, question, System.nanoTime() + longest.plus(READING).toNanos());
      } finally {
        questions.release();
      }
    } catch (PrometheusFileException e) {
      return refused(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refused("stopped while Prometheus was being asked");
    }
  }

  private static <T> Answers<T> refused(String complaint) {
    return new Answers<>(List.of(), List.of(complaint));
  }

  private <T> Answers<T> ask(List<PrometheusServer> asked, Question<T> question, long deadline)
      throws InterruptedException {
    forget(asked.stream().map(s -> s.access().authorities()).collect(Collectors.toSet()));
    List<Future<T>> futures = new ArrayList<>();
    for (PrometheusServer server : asked) {
      futures.add(threads.submit(() -> question.ask(new HttpPrometheus(server, client(server)))));
    }
    List<Answer<T>> answers = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    try {
      for (int i = 0; i < asked.size(); i++) {
        PrometheusServer server = asked.get(i);
        try {
          long left = deadline - System.nanoTime();
          answers.add(new Answer<>(server, futures.get(i).get(left, TimeUnit.NANOSECONDS)));
        } catch (TimeoutException e) {
          complaints.add(server.name() + ": its answer took too long");
        } catch (ExecutionException e) {
          complaints.add(server.name() + ": " + reason(e.getCause()));
        }
      }
    } finally {
      futures.forEach(f -> f.cancel(true));
    }
    return new Answers<>(List.copyOf(answers), List.copyOf(complaints));
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof PrometheusException said
        ? String.valueOf(said.getMessage())
        : String.valueOf(cause);
  }

  private synchronized HttpClient client(PrometheusServer server) throws PrometheusException {
    String authorities = server.access().authorities();
    HttpClient client = clients.get(authorities);
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT);
      if (!authorities.isEmpty()) {
        builder.sslContext(trusting(authorities));
      }
      client = builder.build();
      clients.put(authorities, client);
    }
    return client;
  }

  /** Lets go of clients that no configured server needs; what is under way ends in peace. */
  private synchronized void forget(Set<String> needed) {
    clients
        .entrySet()
        .removeIf(
            client -> {
              boolean gone = !needed.contains(client.getKey());
              if (gone) {
                client.getValue().shutdown();
              }
              return gone;
            });
  }

  private static SSLContext trusting(String pem) throws PrometheusException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new PrometheusException("tls_config.ca is no certificate in PEM");
    }
  }

  @Override
  public synchronized void close() {
    threads.shutdownNow();
    clients.values().forEach(HttpClient::shutdownNow);
    clients.clear();
  }
}
