package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Side;
import dev.weft.config.Telemetry.Tracing;
import dev.weft.config.TraceProvider;
import dev.weft.config.TraceSettings;
import dev.weft.config.TraceTag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Of which requests a proxy makes spans, and who gets them: what the objects of narrower scopes say
 * comes over what is there. Istio: pilot/pkg/model/telemetry.go Tracing and
 * pilot/pkg/networking/core/tracing.go.
 */
public final class TraceMerge {
  private TraceMerge() {}

  /**
   * Spans of one side.
   *
   * @param sampling how many percent of the requests that nobody has decided about are traced
   * @param byRequestId whether an identifier of a request says if it is traced
   * @param istioTags whether spans say which workload made them
   * @param maxPathLength how many characters of a path a span shows; 0 for the proxies' own
   */
  public record Traced(
      TraceProvider provider,
      double sampling,
      boolean byRequestId,
      boolean istioTags,
      Map<String, TraceTag> tags,
      int maxPathLength) {
    public Traced {
      tags = Copies.map(tags);
    }
  }

  /**
   * The spans of one side; empty for none.
   *
   * @param holding the Telemetry objects that hold for the proxy, the widest scope first
   */
  public static Optional<Traced> traces(
      TraceSettings settings, List<Telemetry> holding, Side side) {
    List<Tracing> all = holding.stream().flatMap(t -> t.tracing().stream()).toList();
    if (all.isEmpty() && settings.usual() == null) {
      return made(settings, settings.address(), null, settings.istioTags(), true, Map.of());
    }
    TraceProvider provider = settings.usual();
    Double sampling = null;
    Map<String, TraceTag> tags = Map.of();
    boolean disabled = false;
    boolean byRequestId = true;
    boolean istioTags = true;
    for (Tracing entry : all) {
      if (!entry.mode().includes(side)) {
        continue;
      }
      if (!entry.provider().isEmpty()) {
        provider = settings.find(entry.provider()).orElse(null);
      }
      disabled = or(entry.disabled(), disabled);
      sampling = entry.sampling() == null ? sampling : entry.sampling();
      tags = entry.tags().isEmpty() ? tags : entry.tags();
      byRequestId = or(entry.byRequestId(), byRequestId);
      istioTags = or(entry.istioTags(), istioTags);
    }
    return made(settings, disabled ? null : provider, sampling, istioTags, byRequestId, tags);
  }

  private static boolean or(@Nullable Boolean said, boolean before) {
    return said == null ? before : said;
  }

  private static Optional<Traced> made(
      TraceSettings settings,
      @Nullable TraceProvider provider,
      @Nullable Double sampling,
      boolean istioTags,
      boolean byRequestId,
      Map<String, TraceTag> tags) {
    return provider == null
        ? Optional.empty()
        : Optional.of(
            new Traced(
                provider,
                sampling == null ? settings.sampling() : sampling,
                byRequestId,
                istioTags,
                tags.isEmpty() ? settings.tags() : tags,
                provider.maxPathLength() > 0
                    ? provider.maxPathLength()
                    : settings.maxPathLength()));
  }
}
