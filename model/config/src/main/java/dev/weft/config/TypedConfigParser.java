package dev.weft.config;

import dev.weft.config.Diagnostic.Severity;
import dev.weft.config.TypedConfig.Type;
import dev.weft.types.HeaderText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configurations of HTTP filters, in an {@code Any} or a {@code TypedStruct}. What Envoy refuses of
 * them is an error; what our proxies do not carry out leaves a patch out.
 */
final class TypedConfigParser {
  private static final Set<String> STRUCTS =
      Set.of("udpa.type.v1.TypedStruct", "xds.type.v3.TypedStruct");
  private static final Set<String> FRAMING =
      Set.of("connection", "content-length", "transfer-encoding");
  static final String TYPE = "@type";
  private static final String URL = "type.googleapis.com/";
  private static final String GZIP = "envoy.extensions.compression.gzip.compressor.v3.Gzip";

  private TypedConfigParser() {}

  /** What is configured. */
  private enum Of {
    FILTER,
    PART_OF_FILTER,
    ROUTES
  }

  /** That of a filter; null where it is left out. */
  static @Nullable TypedConfig ofFilter(TreeReader any) {
    return read(any, Of.FILTER);
  }

  /** What is merged into that of a filter; null where it is left out. */
  static @Nullable TypedConfig partOfFilter(TreeReader any) {
    return read(any, Of.PART_OF_FILTER);
  }

  /** That of a filter for some routes; null where it is left out. */
  static @Nullable TypedConfig ofRoutes(TreeReader any) {
    return read(any, Of.ROUTES);
  }

  /** What has been read and merged, if a filter can have it. */
  static Optional<TypedConfig> whole(Type type, Map<String, Object> fields) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    TreeReader reader = new TreeReader(fields, "", "", diagnostics);
    TypedConfig config = body(reader, type, Of.FILTER);
    reader.done();
    boolean refused = diagnostics.stream().anyMatch(d -> d.severity() == Severity.ERROR);
    return refused ? Optional.empty() : Optional.ofNullable(config);
  }

  private static @Nullable TypedConfig read(TreeReader any, Of of) {
    String url = any.string(TYPE);
    boolean struct = STRUCTS.contains(name(url));
    Type type =
        struct
            ? type(any, "type_url", any.string("type_url"), of != Of.ROUTES)
            : type(any, TYPE, url, of != Of.ROUTES);
    if (type == null) {
      any.others();
      return null;
    }
    if (!struct) {
      return body(any, type, of);
    }
    if (!any.has("value")) {
      any.error("value", "the configuration is missing");
    }
    return any.object("value", value -> body(value, type, of));
  }

  private static String name(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** Null for one that cannot stand there, which is said. */
  private static @Nullable Type type(TreeReader r, String key, String url, boolean filter) {
    if (url.isEmpty()) {
      r.error(
          key,
          "the type of the configuration is missing: write "
              + URL
              + Type.LOCAL_RATE_LIMIT.message()
              + ", for example");
      return null;
    }
    Type type = Type.of(url).orElse(null);
    if (type == null) {
      r.warning(
          "unsupported-field",
          key,
          name(url)
              + " is not supported, so the patch is left out: proxies know LocalRateLimit,"
              + " HeaderMutation and Compressor");
      return null;
    }
    if (filter && !type.ofFilter()) {
      r.error(key, type.message() + " is for routes: it stands in typed_per_filter_config");
      return null;
    }
    if (!filter && !type.ofRoutes()) {
      r.error(key, type.message() + " is for a whole filter: write " + type.message() + "PerRoute");
      return null;
    }
    return type;
  }

  private static @Nullable TypedConfig body(TreeReader r, Type type, Of of) {
    MessageReader message =
        of == Of.PART_OF_FILTER ? MessageReader.ofPart(r.strict()) : new MessageReader(r.strict());
    switch (type) {
      case LOCAL_RATE_LIMIT -> RateLimitParser.read(message, of != Of.ROUTES);
      case HEADER_MUTATION -> {
        message.message("mutations", TypedConfigParser::mutations);
        message.flag("most_specific_header_mutations_wins");
      }
      case HEADER_MUTATION_PER_ROUTE -> message.message("mutations", TypedConfigParser::mutations);
      case COMPRESSOR -> compressor(message);
      case COMPRESSOR_PER_ROUTE -> perRoute(message);
    }
    return message.carriedOut() ? new TypedConfig(type, message.fields()) : null;
  }

  private static void mutations(MessageReader m) {
    m.messages("request_mutations", Integer.MAX_VALUE, TypedConfigParser::mutation);
    m.messages("response_mutations", Integer.MAX_VALUE, TypedConfigParser::mutation);
    m.notCarriedOut("query_parameter_mutations");
  }

  private static void mutation(MessageReader m) {
    String removed = m.text("remove");
    boolean append = m.message("append", TypedConfigParser::header);
    m.notCarriedOut("remove_on_match");
    if (append == m.in().has("remove")) {
      m.in().error("remove", "each entry has one of remove and append");
    } else if (!append) {
      changed(m, "remove", removed);
    }
  }

  /** The name of a header that neither frames nor routes a message. */
  private static void changed(MessageReader m, String key, String name) {
    RouteChecks.name(m.in(), key, name);
    if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
      m.in().error(key, "'" + name + "' is not for a filter to change");
    }
  }

  /** {@code HeaderValueOption}. The old flag is written as the action that it stands for. */
  static void header(MessageReader m) {
    boolean there =
        m.message(
            "header",
            h -> {
              String name = h.text("key");
              changed(h, "key", name);
              String value = h.text("value");
              if (RouteChecks.format(h.in(), "value", value) && !HeaderText.isValue(value)) {
                h.in().error("value", "a value has no line ends and no zero bytes");
              }
              h.notCarriedOut("raw_value");
            });
    if (!there) {
      m.in().error("header", "the header is missing: write header.key and header.value");
    }
    String action =
        m.choice(
            "append_action",
            "APPEND_IF_EXISTS_OR_ADD",
            "ADD_IF_ABSENT",
            "OVERWRITE_IF_EXISTS_OR_ADD",
            "OVERWRITE_IF_EXISTS");
    Boolean append = m.in().optionalBool("append");
    if (append != null && !action.isEmpty()) {
      m.in().error("append", "append and append_action exclude each other: keep the latter");
    } else if (append != null) {
      m.put("append_action", append ? "APPEND_IF_EXISTS_OR_ADD" : "OVERWRITE_IF_EXISTS_OR_ADD");
    }
    m.flag("keep_empty_value");
  }

  private static void compressor(MessageReader m) {
    boolean library =
        m.message(
            "compressor_library",
            l -> {
              l.text("name");
              if (!l.message("typed_config", TypedConfigParser::library)) {
                l.missing("typed_config", "the configuration of the library is missing");
              }
            });
    if (!library) {
      m.missing("compressor_library", "the library is missing: write one with " + GZIP);
    }
    m.message(
        "response_direction_config",
        d -> {
          d.message("common_config", TypedConfigParser::direction);
          d.flag("disable_on_etag_header");
          d.flag("remove_accept_encoding_header");
          d.wholes("uncompressible_response_codes", 200, 599);
          d.notCarriedOut("status_header_enabled");
        });
    requests(m);
    m.withoutEffect("choose_first", "there is one library, so that there is nothing to choose");
    m.notCarriedOut(
        "content_length",
        "content_type",
        "disable_on_etag_header",
        "remove_accept_encoding_header",
        "runtime_enabled");
  }

  /** What is written for requests may only say that they are not compressed. */
  private static void requests(MessageReader m) {
    m.in()
        .object(
            "request_direction_config",
            r -> {
              MessageReader request = new MessageReader(r);
              request.message("common_config", TypedConfigParser::direction);
              boolean off =
                  request.fields().get("common_config") instanceof Map<?, ?> common
                      && common.get("enabled") instanceof Map<?, ?> enabled
                      && Boolean.FALSE.equals(enabled.get("default_value"));
              if (off) {
                m.put(
                    "request_direction_config",
                    Map.of("common_config", Map.of("enabled", Map.of("default_value", false))));
              } else {
                m.leftOut(
                    "request_direction_config",
                    "proxies compress no requests; set common_config.enabled.default_value to"
                        + " false");
              }
              return request;
            });
  }

  private static void direction(MessageReader m) {
    m.message(
        "enabled",
        e -> {
          if (e.flag("default_value") == null && !e.in().has("default_value")) {
            e.missing("default_value", "true or false is needed");
          }
          e.runtimeKey();
        });
    m.whole("min_content_length", 0, Integer.MAX_VALUE);
    m.texts("content_type");
  }

  private static void library(MessageReader m) {
    String url = m.in().string(TYPE);
    boolean struct = STRUCTS.contains(name(url));
    String key = struct ? "type_url" : TYPE;
    if (!name(m.in().string(key)).equals(GZIP)) {
      m.leftOut(key, "proxies compress with " + GZIP);
      m.in().others();
      return;
    }
    m.put(TYPE, URL + GZIP);
    if (!struct) {
      gzip(m);
      return;
    }
    MessageReader value =
        m.in()
            .object(
                "value",
                v -> {
                  MessageReader inner = new MessageReader(v);
                  gzip(inner);
                  return inner;
                });
    if (value != null) {
      m.takeFrom(value);
    }
  }

  private static void gzip(MessageReader m) {
    m.choice("compression_level", levels());
    String strategy =
        m.choice(
            "compression_strategy", "DEFAULT_STRATEGY", "FILTERED", "HUFFMAN_ONLY", "RLE", "FIXED");
    if (strategy.equals("RLE") || strategy.equals("FIXED")) {
      m.leftOut("compression_strategy", "proxies know DEFAULT_STRATEGY, FILTERED and HUFFMAN_ONLY");
    }
    m.withoutEffect("memory_level", "the library has one size of its memory");
    m.withoutEffect("window_bits", "the library has one window, of 32 KiB");
    m.withoutEffect("chunk_size", "what is received at once is sent at once");
    m.whole("memory_level", 1, 9);
    m.whole("window_bits", 9, 15);
    m.whole("chunk_size", 4096, 65536);
  }

  private static String[] levels() {
    String[] levels = new String[12];
    levels[0] = "DEFAULT_COMPRESSION";
    levels[1] = "BEST_SPEED";
    levels[2] = "BEST_COMPRESSION";
    for (int level = 1; level <= 9; level++) {
      levels[2 + level] = String.format(Locale.ROOT, "COMPRESSION_LEVEL_%d", level);
    }
    return levels;
  }

  private static void perRoute(MessageReader m) {
    Boolean disabled = m.flag("disabled");
    boolean overrides =
        m.message(
            "overrides",
            o ->
                o.message(
                    "response_direction_config",
                    d -> {
                      d.flag("remove_accept_encoding_header");
                    }));
    if ((disabled != null) == overrides || Boolean.FALSE.equals(disabled)) {
      m.in().error("disabled", "write disabled: true, or overrides");
    }
  }
}
