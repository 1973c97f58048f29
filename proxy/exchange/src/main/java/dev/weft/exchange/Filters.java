package dev.weft.exchange;

import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who decides for each filter that a pipeline may have. */
public final class Filters {
  private Filters() {}

  /** The filters of a pipeline that decide anything, in its order; the router is the last one. */
  public static List<Filter> of(HttpPipeline pipeline) {
    String place = "http." + pipeline.statPrefix();
    List<Filter> out = new ArrayList<>();
    for (HttpFilter configured : pipeline.filters()) {
      Filter filter = of(configured, place);
      if (filter != null) {
        out.add(filter);
      }
    }
    return List.copyOf(out);
  }

  /**
   * @return null where it changes what is written
   */
  private static @Nullable Filter of(HttpFilter configured, String place) {
    return switch (configured) {
      case HttpFilter.Access access -> new RulesFilter(access.filter(), place);
      case HttpFilter.ExternalAccess external -> new ExternalFilter(external.authorizer());
      case HttpFilter.Tokens tokens -> new TokensFilter(tokens.rules());
      case HttpFilter.Cors cors -> new CorsFilter();
      case HttpFilter.Fault fault -> new FaultFilter();
      case HttpFilter.LocalRateLimit limit -> new RateLimitFilter(limit.policy());
      case HttpFilter.Compressor compressor ->
          new CompressorFilter(compressor, place.replaceFirst(";$", "") + "." + compressor.stats());
      case HttpFilter.HeaderMutation mutation -> new HeaderMutationFilter(mutation);
      case HttpFilter.Router router -> new RouterFilter();
      case HttpFilter.PeerMetadata metadata -> null;
      case HttpFilter.IstioAlpn alpn -> null;
      case HttpFilter.IstioStats stats -> null;
      case HttpFilter.GrpcStats stats -> new GrpcStatsFilter();
    };
  }
}
