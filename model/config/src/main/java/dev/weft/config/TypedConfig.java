package dev.weft.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of an HTTP filter, as protobuf has it in JSON.
 *
 * @param fields by the names of Envoy's documentation; values are strings, booleans, whole numbers,
 *     lists and maps
 */
public record TypedConfig(Type type, Map<String, Object> fields) {
  public TypedConfig {
    fields = Copies.map(fields);
  }

  /**
   * This one with the fields of another: messages in it are merged, lists are joined, and
   * everything else is replaced, an {@code Any} as a whole. Empty where a filter cannot have what
   * comes of it.
   */
  public Optional<TypedConfig> with(TypedConfig part) {
    return part.type == type
        ? TypedConfigParser.whole(type, merged(fields, part.fields))
        : Optional.empty();
  }

  private static Map<String, Object> merged(Map<?, ?> fields, Map<?, ?> parts) {
    Map<String, Object> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(String.valueOf(name), value));
    parts.forEach((name, value) -> all.merge(String.valueOf(name), value, TypedConfig::merged));
    return all;
  }

  private static Object merged(Object value, Object part) {
    if (value instanceof Map<?, ?> fields
        && part instanceof Map<?, ?> parts
        && !parts.containsKey(TypedConfigParser.TYPE)) {
      return merged(fields, parts);
    }
    return value instanceof List<?> list && part instanceof List<?> more
        ? Stream.concat(list.stream(), more.stream()).toList()
        : part;
  }

  /** The messages that are carried out. */
  public enum Type {
    LOCAL_RATE_LIMIT("envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"),
    HEADER_MUTATION("envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"),
    COMPRESSOR("envoy.extensions.filters.http.compressor.v3.Compressor"),
    HEADER_MUTATION_PER_ROUTE(
        "envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute"),
    COMPRESSOR_PER_ROUTE("envoy.extensions.filters.http.compressor.v3.CompressorPerRoute");

    private final String message;

    Type(String message) {
      this.message = message;
    }

    /** The full name of the message. */
    public String message() {
      return message;
    }

    /** Whether it configures a filter itself. */
    boolean ofFilter() {
      return switch (this) {
        case LOCAL_RATE_LIMIT, HEADER_MUTATION, COMPRESSOR -> true;
        case HEADER_MUTATION_PER_ROUTE, COMPRESSOR_PER_ROUTE -> false;
      };
    }

    /** Whether it configures a filter for some routes. */
    boolean ofRoutes() {
      return switch (this) {
        case LOCAL_RATE_LIMIT, HEADER_MUTATION_PER_ROUTE, COMPRESSOR_PER_ROUTE -> true;
        case HEADER_MUTATION, COMPRESSOR -> false;
      };
    }

    /** Of a type URL; empty for those that are not carried out. */
    static Optional<Type> of(String url) {
      String message = url.substring(url.lastIndexOf('/') + 1);
      return Stream.of(values()).filter(type -> type.message.equals(message)).findFirst();
    }
  }
}
