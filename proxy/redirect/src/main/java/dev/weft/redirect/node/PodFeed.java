package dev.weft.redirect.node;

import dev.weft.types.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of one node: listed, then watched, and from the start where that breaks off. Confined to
 * the thread that calls {@link #run}.
 */
final class PodFeed {
  private static final Logger LOG = LoggerFactory.getLogger(PodFeed.class);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** How long the server keeps one watch open. */
  private static final int WATCH_SECONDS = 60;

  /** A connection that hangs says nothing: it is cut when the server should have ended it. */
  private static final int CUT_SECONDS = WATCH_SECONDS + 10;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ApiServerAccess access;
  private final String node;
  private final BlockingQueue<PodEvent> events;
  private final Readiness readiness;
  private final ScheduledExecutorService clock;

  /** Told whether the pods are known. */
  interface Readiness {
    void listed(boolean known);
  }

  PodFeed(
      ApiServerAccess access,
      String node,
      BlockingQueue<PodEvent> events,
      Readiness readiness,
      ScheduledExecutorService clock) {
    this.access = access;
    this.node = node;
    this.events = events;
    this.readiness = readiness;
    this.clock = clock;
  }

  /** Ends when it is interrupted. */
  void run() throws InterruptedException {
    String failure = "";
    while (true) {
      try (HttpClient client = access.client()) {
        String version = list(client);
        readiness.listed(true);
        failure = "";
        while (!version.isEmpty()) {
          version = watch(client, version);
        }
      } catch (IOException | IllegalArgumentException e) {
        readiness.listed(false);
        if (!failure.equals(e.toString())) {
          failure = e.toString();
          LOG.error("The pods of node {} are not known: {}", node, failure);
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /** The version from which to watch. */
  private String list(HttpClient client) throws IOException, InterruptedException {
    HttpResponse<InputStream> response = ask(client, "");
    try (InputStream body = response.body()) {
      Map<String, @Nullable Object> answer =
          Json.parseObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
      List<NodePod> pods = new ArrayList<>();
      if (answer.get("items") instanceof List<?> items) {
        for (Object item : items) {
          if (item instanceof Map<?, ?> pod) {
            NodePod.of(pod).ifPresent(pods::add);
          }
        }
      }
      events.put(new PodEvent.All(pods));
      return version(answer);
    }
  }

  /** The version from which to go on; empty where the list must be taken again. */
  private String watch(HttpClient client, String from) throws IOException, InterruptedException {
    String version = from;
    HttpResponse<InputStream> response =
        ask(
            client,
            "&watch=true&allowWatchBookmarks=true&timeoutSeconds="
                + WATCH_SECONDS
                + "&resourceVersion="
                + encoded(from));
    InputStream body = response.body();
    ScheduledFuture<?> cut = clock.schedule(() -> close(body), CUT_SECONDS, TimeUnit.SECONDS);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Map<String, @Nullable Object> event = Json.parseObject(line);
        if (!(event.get("object") instanceof Map<?, ?> object)
            || "ERROR".equals(event.get("type"))) {
          return "";
        }
        version = version(object);
        boolean gone = "DELETED".equals(event.get("type"));
        NodePod pod = NodePod.of(object).orElse(null);
        if (pod != null) {
          events.put(gone ? new PodEvent.Gone(pod.uid()) : new PodEvent.Changed(pod));
        }
      }
      return version;
    } finally {
      cut.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.debug("A watch that hung did not even close: {}", e.toString());
    }
  }

  private HttpResponse<InputStream> ask(HttpClient client, String more)
      throws IOException, InterruptedException {
    URI uri =
        access
            .server()
            .resolve("/api/v1/pods?fieldSelector=" + encoded("spec.nodeName=" + node) + more);
    HttpResponse<InputStream> response =
        client.send(
            HttpRequest.newBuilder(uri)
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + access.token())
                .header("Accept", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        String said = new String(body.readNBytes(2048), StandardCharsets.UTF_8).strip();
        throw new IOException("the API server answers " + response.statusCode() + ": " + said);
      }
    }
    return response;
  }

  private static String version(Map<?, ?> object) {
    return object.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("resourceVersion") instanceof String version
        ? version
        : "";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
