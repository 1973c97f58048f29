package dev.weft.xds.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names and types of the fields of Envoy's messages, for errors and dumps. Read from a table that
 * is part of the artifact; a test keeps it equal to the published API.
 */
public final class ProtoSchema {
  static final String RESOURCE = "envoy-fields.txt";

  private final Map<String, Map<Integer, Field>> messages = new HashMap<>();
  private final Map<String, Map<Integer, String>> enums = new HashMap<>();

  /**
   * A field.
   *
   * @param kind {@code string bytes bool int uint double float enum message}
   * @param type the full name of the message or enum; else empty
   */
  record Field(String name, String kind, String type, boolean repeated, boolean map) {}

  private ProtoSchema() {}

  /** Reads the table; costs a moment and some hundred kilobytes while it is held. */
  public static ProtoSchema load() {
    ProtoSchema schema = new ProtoSchema();
    try (InputStream in = ProtoSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the table " + RESOURCE + " is not on the class path");
      }
      schema.read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + RESOURCE, e);
    }
    return schema;
  }

  private void read(BufferedReader in) throws IOException {
    Map<Integer, Field> fields = new TreeMap<>();
    Map<Integer, String> values = new TreeMap<>();
    boolean inEnum = false;
    String line = in.readLine();
    while (line != null) {
      String[] words = line.split(" ");
      if (words[0].equals("M")) {
        inEnum = false;
        fields = new TreeMap<>();
        messages.put(words[1], fields);
      } else if (words[0].equals("E")) {
        inEnum = true;
        values = new TreeMap<>();
        enums.put(words[1], values);
      } else if (inEnum) {
        values.put(Integer.valueOf(words[0]), words[1]);
      } else {
        boolean map = words[2].startsWith("%");
        boolean repeated = words[2].startsWith("*");
        String kind = map || repeated ? words[2].substring(1) : words[2];
        fields.put(
            Integer.valueOf(words[0]),
            new Field(words[1], kind, words.length > 3 ? words[3] : "", repeated, map));
      }
      line = in.readLine();
    }
  }

  /** The fields of a message by number, or empty where the message is not known. */
  Optional<Map<Integer, Field>> message(String type) {
    return Optional.ofNullable(messages.get(type));
  }

  /** The name of an enum's value, or its number. */
  String enumValue(String type, int number) {
    Map<Integer, String> values = enums.get(type);
    String name = values == null ? null : values.get(number);
    return name == null ? Integer.toString(number) : name;
  }

  /**
   * The name of a field.
   *
   * @param type the message that the path begins in; empty where it is not known
   * @param path from there to the message that holds the field
   * @return {@code #} and the number where the table does not know it
   */
  public static String fieldName(String type, String path, int number) {
    ProtoSchema schema = load();
    String at = type;
    for (String step : path.split("[.](?![^\\[]*\\])")) {
      String bare = step.replaceAll("\\[.*", "");
      if (!bare.isEmpty()) {
        at = schema.typeOf(at, bare);
      }
    }
    Map<Integer, Field> fields = schema.messages.get(at);
    Field field = fields == null ? null : fields.get(number);
    return field == null ? "#" + number : field.name();
  }

  private String typeOf(@Nullable String message, String fieldName) {
    Map<Integer, Field> fields = message == null ? null : messages.get(message);
    if (fields == null) {
      return "";
    }
    for (Field field : fields.values()) {
      if (field.name().equals(fieldName)) {
        return field.type();
      }
    }
    return "";
  }
}
