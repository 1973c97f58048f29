package dev.weft.runtime;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of which requests spans are made, and who gets them.
 *
 * @param byRequestId whether the identifier of a request says if it is traced; where it does not,
 *     all are that no client has decided about
 * @param packed whether the identifier tells the next proxy
 * @param maxPathLength how many characters of a path a span shows
 * @param tags that every span gets, in order
 */
public record Tracing(
    Sampling sampling,
    boolean byRequestId,
    boolean packed,
    int maxPathLength,
    List<Tag> tags,
    Collector collector) {
  public Tracing {
    tags = List.copyOf(tags);
  }

  /**
   * Shares of requests in hundredths of a percent.
   *
   * @param client of those whose client asks for it
   * @param random of those that nobody asks it for
   * @param overall of both
   */
  public record Sampling(int client, int random, int overall) {}

  /** A tag by its name. */
  public record Tag(String name, Value value) {}

  /** Where the value of a tag comes from. */
  public sealed interface Value {}

  /** Always the same. */
  public record Literal(String text) implements Value {}

  /**
   * A header of the request.
   *
   * @param header in lower case
   * @param otherwise empty where there is no tag then
   */
  public record Header(String header, String otherwise) implements Value {}

  /**
   * A variable of the process.
   *
   * @param otherwise empty where there is no tag then
   */
  public record Environment(String variable, String otherwise) implements Value {}

  /** Who gets spans. */
  public sealed interface Collector {
    /** The cluster where it is. */
    String cluster();

    /** The host that requests to it name. */
    String authority();
  }

  /**
   * One that takes Zipkin's JSON.
   *
   * @param longIds whether traces have identifiers of 128 bits, instead of 64
   */
  public record Zipkin(String cluster, String authority, String path, boolean longIds)
      implements Collector {}

  /**
   * One that takes OpenTelemetry's protocol.
   *
   * @param producer who makes the spans; empty for what the proxy is called
   * @param path of HTTP; empty for gRPC
   * @param timeout for its answer
   * @param headers of each request, by names in lower case
   */
  public record Otlp(
      String cluster,
      String authority,
      String producer,
      String path,
      Duration timeout,
      Map<String, String> headers)
      implements Collector {
    public Otlp {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
  }
}
