package dev.weft.runtime;

import dev.weft.routing.CompressionPolicy;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.TypedConfig;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code Compressor}, of answers and with gzip. */
final class CompressorCompiler {
  private static final String GZIP = "envoy.extensions.compression.gzip.compressor.v3.Gzip";
  private static final int MIN_LENGTH = 30;

  /** Envoy: source/extensions/filters/http/compressor/compressor_filter.cc. */
  private static final List<String> TYPES =
      List.of(
          "text/html",
          "text/plain",
          "text/css",
          "application/javascript",
          "application/x-javascript",
          "text/javascript",
          "text/x-javascript",
          "text/ecmascript",
          "text/js",
          "text/jscript",
          "text/x-js",
          "application/ecmascript",
          "application/x-json",
          "application/xml",
          "application/json",
          "image/svg+xml",
          "text/xml",
          "application/xhtml+xml");

  private CompressorCompiler() {}

  static HttpFilter filter(ProtoFields in) {
    in.ignore(IgnoredInListeners.COMPRESSOR);
    refuseRequests(in.message(7, "request_direction_config"));
    ProtoFields library = in.required(6, "compressor_library");
    String stats = "compressor." + library.text(1) + ".gzip";
    ProtoFields gzip = gzip(library);
    ProtoFields answers = in.message(8, "response_direction_config");
    if (answers == null) {
      return filter(stats, gzip, in, 5, 1, 2, in, 3, 4, List.of());
    }
    in.ignore(IgnoredInListeners.OLD_COMPRESSOR);
    ProtoFields common = answers.message(1, "common_config");
    return filter(stats + ".response", gzip, common, 1, 2, 3, answers, 2, 3, answers.integers(4));
  }

  /** The numbers are those of the fields: they have others in the older form of the message. */
  private static HttpFilter filter(
      String stats,
      ProtoFields gzip,
      @Nullable ProtoFields common,
      int enabled,
      int minLength,
      int types,
      ProtoFields answers,
      int refusesTags,
      int hidesAcceptEncoding,
      List<Integer> exceptions) {
    List<String> listed = common == null ? List.of() : common.texts(types);
    return new HttpFilter.Compressor(
        stats,
        common == null || flag(common.message(enabled, "enabled")),
        level(gzip),
        strategy(gzip),
        common == null ? MIN_LENGTH : common.wrapped(minLength, MIN_LENGTH),
        listed.isEmpty() ? TYPES : listed.stream().map(t -> t.toLowerCase(Locale.ROOT)).toList(),
        answers.bool(refusesTags),
        answers.bool(hidesAcceptEncoding),
        exceptions);
  }

  /** What a route changes of it. */
  static CompressionPolicy ofRoute(ProtoFields in) {
    if (in.bool(1)) {
      return new CompressionPolicy(false, null);
    }
    ProtoFields overrides = in.required(2, "overrides");
    ProtoFields answers = overrides.message(1, "response_direction_config");
    Long hides = answers == null ? null : answers.wrapped(1);
    return new CompressionPolicy(
        answers == null ? null : (Boolean) true, hides == null ? null : (Boolean) (hides != 0));
  }

  private static void refuseRequests(@Nullable ProtoFields requests) {
    ProtoFields common = requests == null ? null : requests.message(1, "common_config");
    ProtoFields enabled = common == null ? null : common.message(1, "enabled");
    if (requests != null && (enabled == null || flag(enabled))) {
      throw requests.reject(
          "common_config.enabled", "is not false: bodies of requests are not compressed");
    }
    if (common != null) {
      common.ignore(IgnoredInListeners.COMPRESSED_REQUESTS);
    }
  }

  /** {@code RuntimeFeatureFlag}; runtime keys have no values here, so the default holds. */
  private static boolean flag(@Nullable ProtoFields in) {
    if (in == null) {
      return true;
    }
    in.ignore(IgnoredInListeners.FEATURE_FLAG);
    return in.wrappedBool(1, false);
  }

  private static ProtoFields gzip(ProtoFields library) {
    TypedConfig config = library.any(2, "typed_config");
    if (config == null || !config.is(GZIP) || config.struct()) {
      throw library.reject("typed_config", "only " + GZIP + " is supported");
    }
    config.fields().ignore(IgnoredInListeners.GZIP);
    return config.fields();
  }

  private static int level(ProtoFields gzip) {
    int level = gzip.integer(2);
    if (level < 0 || level > 9) {
      throw gzip.reject("compression_level", "unknown value");
    }
    return level == 0 ? -1 : level;
  }

  private static HttpFilter.Compressor.Strategy strategy(ProtoFields gzip) {
    return switch (gzip.integer(3)) {
      case 0 -> HttpFilter.Compressor.Strategy.DEFAULT;
      case 1 -> HttpFilter.Compressor.Strategy.FILTERED;
      case 2 -> HttpFilter.Compressor.Strategy.HUFFMAN_ONLY;
      default ->
          throw gzip.reject(
              "compression_strategy",
              "only DEFAULT_STRATEGY, FILTERED and HUFFMAN_ONLY are supported");
    };
  }
}
