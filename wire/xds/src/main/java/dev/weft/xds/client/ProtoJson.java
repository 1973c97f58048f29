package dev.weft.xds.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Messages as the JSON that people know of Envoy's {@code /config_dump}: field names as in the
 * protos, {@code Any} with {@code @type}. For dumps, which are rare: it reads the table of names
 * each time that one is made.
 */
public final class ProtoJson {
  private static final String WELL_KNOWN = "google.protobuf.";
  private final ProtoSchema schema;

  /** A writer with the table of names. */
  public ProtoJson() {
    this.schema = ProtoSchema.load();
  }

  /**
   * A message as maps, lists, strings, numbers and booleans.
   *
   * @param type the full name of the message
   */
  public @Nullable Object write(String type, byte[] message) {
    return message(type, ProtoFields.of(message, ""));
  }

  private @Nullable Object message(String type, ProtoFields in) {
    if (type.startsWith(WELL_KNOWN)) {
      return wellKnown(type.substring(WELL_KNOWN.length()), in);
    }
    Map<Integer, ProtoSchema.Field> fields = schema.message(type).orElse(Map.of());
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    fields.forEach(
        (number, field) -> {
          if (in.has(number)) {
            out.put(field.name(), field(in, number, field));
          }
        });
    return out;
  }

  private @Nullable Object wellKnown(String type, ProtoFields in) {
    return switch (type) {
      case "Any" -> any(in);
      case "Struct" -> ProtoStruct.read(in);
      case "Value", "ListValue" -> null;
      case "Duration" -> duration(in.number(1), in.integer(2));
      case "BoolValue" -> in.bool(1);
      case "DoubleValue" -> in.real(1);
      case "FloatValue" -> Float.intBitsToFloat(in.integer(1));
      case "StringValue" -> in.text(1);
      case "BytesValue" -> Base64.getEncoder().encodeToString(in.bytes(1));
      case "UInt32Value", "Int32Value", "UInt64Value", "Int64Value" -> in.number(1);
      default -> Map.of();
    };
  }

  private static String duration(long seconds, int nanos) {
    if (nanos == 0) {
      return seconds + "s";
    }
    return seconds + "." + "%09d".formatted(nanos).replaceAll("0+$", "") + "s";
  }

  private @Nullable Object any(ProtoFields in) {
    String url = in.text(1);
    String type = url.substring(url.lastIndexOf('/') + 1);
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("@type", url);
    byte[] value = in.bytes(2);
    if (schema.message(type).isPresent()) {
      if (message(type, ProtoFields.of(value, "")) instanceof Map<?, ?> fields) {
        fields.forEach((key, content) -> out.put(String.valueOf(key), content));
      }
    } else if (value.length > 0) {
      out.put("value", Base64.getEncoder().encodeToString(value));
    }
    return out;
  }

  private @Nullable Object field(ProtoFields in, int number, ProtoSchema.Field field) {
    if (field.map()) {
      Map<String, @Nullable Object> out = new LinkedHashMap<>();
      for (ProtoFields entry : in.messages(number, field.name())) {
        out.put(entry.text(1), single(entry, 2, field));
      }
      return out;
    }
    if (!field.repeated()) {
      return single(in, number, field);
    }
    return switch (field.kind()) {
      case "string" -> in.texts(number);
      case "message" -> map(in.messages(number, field.name()), m -> message(field.type(), m));
      case "enum" -> map(in.integers(number), value -> schema.enumValue(field.type(), value));
      default -> in.integers(number);
    };
  }

  private static <A, B extends @Nullable Object> List<B> map(List<A> items, Function<A, B> change) {
    List<B> out = new ArrayList<>();
    items.forEach(item -> out.add(change.apply(item)));
    return out;
  }

  private @Nullable Object single(ProtoFields in, int number, ProtoSchema.Field field) {
    return switch (field.kind()) {
      case "string" -> in.text(number);
      case "bytes" -> text(in.bytes(number));
      case "bool" -> in.bool(number);
      case "double" -> in.real(number);
      case "float" -> Float.intBitsToFloat(in.integer(number));
      case "enum" -> schema.enumValue(field.type(), in.integer(number));
      case "message" -> {
        ProtoFields message = in.message(number, field.name());
        yield message == null ? Map.of() : message(field.type(), message);
      }
      default -> in.number(number);
    };
  }

  private static String text(byte[] bytes) {
    return new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
  }
}
