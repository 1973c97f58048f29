package dev.weft.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What MeshConfig says of traces. It holds as far as no Telemetry says something else.
 *
 * @param byName providers that objects may name; in lower case, as Istio's names are compared
 * @param usual the provider of {@code defaultProviders.tracing}; null for none
 * @param address that of {@code defaultConfig.tracing.zipkin.address}, where neither a Telemetry
 *     nor {@code defaultProviders} speak of traces; null for none, and where {@code enableTracing}
 *     is false
 * @param sampling how many percent of the requests that nobody has decided about are traced
 * @param tags where no Telemetry has some
 * @param maxPathLength how many characters of a path a span shows; 0 for the proxies' own
 * @param istioTags whether spans say which workload made them, where {@code address} holds
 */
public record TraceSettings(
    Map<String, TraceProvider> byName,
    @Nullable TraceProvider usual,
    @Nullable TraceProvider address,
    double sampling,
    Map<String, TraceTag> tags,
    int maxPathLength,
    boolean istioTags) {
  /** What Istio's PILOT_TRACE_SAMPLING is where it is not set, in percent. */
  public static final double USUAL_SAMPLING = 1;

  /** Of a mesh that says nothing: there is nobody to send spans to. */
  public static final TraceSettings NONE = sampled(USUAL_SAMPLING);

  /**
   * The same.
   *
   * @param percent what the control plane takes where nobody says something else
   */
  public static TraceSettings sampled(double percent) {
    return new TraceSettings(Map.of(), null, null, percent, Map.of(), 0, true);
  }

  public TraceSettings {
    byName = Copies.map(byName);
    tags = Copies.map(tags);
  }

  public Optional<TraceProvider> find(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Everybody who may be sent spans. */
  public Collection<TraceProvider> providers() {
    Set<TraceProvider> all = new LinkedHashSet<>(byName.values());
    if (address != null) {
      all.add(address);
    }
    return all;
  }
}
