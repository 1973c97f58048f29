package dev.weft.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Reads {@code application/vnd.kubernetes.protobuf} bodies: the magic bytes, then a {@code
 * runtime.Unknown} that names the kind and holds the message.
 */
public final class ProtobufBody {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int DEEPEST = 64;

  /** Fields that Go writes even when unset and that nobody sets to zero on purpose. */
  private static final Set<String> ZERO_IS_ABSENT =
      Set.of(
          "hostNetwork",
          "hostPID",
          "hostIPC",
          "stdin",
          "stdinOnce",
          "tty",
          "minReadySeconds",
          "paused",
          "publishNotReadyAddresses",
          "healthCheckNodePort",
          "generation",
          "observedGeneration",
          "nodePort",
          "hostPort",
          "initialDelaySeconds",
          "timeoutSeconds",
          "periodSeconds",
          "successThreshold",
          "failureThreshold",
          "replicas",
          "updatedReplicas",
          "readyReplicas",
          "availableReplicas",
          "unavailableReplicas",
          "allowed",
          "denied",
          "authenticated");

  private ProtobufBody() {}

  /**
   * Converts a body to the JSON form.
   *
   * @param messages from apiVersion and kind to the message type
   * @throws ApiException 400 where the bytes are not such a message
   */
  public static ObjectNode read(byte[] body, BiFunction<String, String, Descriptor> messages) {
    if (body.length < MAGIC.length
        || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw Errors.badRequest(
          "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
      String apiVersion = "";
      String kind = "";
      ByteString raw = ByteString.EMPTY;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> {
            CodedInputStream meta = in.readBytes().newCodedInput();
            for (int inner = meta.readTag(); inner != 0; inner = meta.readTag()) {
              switch (WireFormat.getTagFieldNumber(inner)) {
                case 1 -> apiVersion = meta.readStringRequireUtf8();
                case 2 -> kind = meta.readStringRequireUtf8();
                default -> skip(meta, inner);
              }
            }
          }
          case 2 -> raw = in.readBytes();
          default -> skip(in, tag);
        }
      }
      ObjectNode object = Json.object().put("kind", kind).put("apiVersion", apiVersion);
      message(raw.newCodedInput(), messages.apply(apiVersion, kind), object, 0);
      return object;
    } catch (IOException | IllegalArgumentException e) {
      throw Errors.badRequest("the protobuf body cannot be decoded: " + e.getMessage());
    }
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new IOException("unexpected end of group");
    }
  }

  private static void message(CodedInputStream in, Descriptor message, ObjectNode object, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("nested more than " + DEEPEST + " deep");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = message.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (field == null) {
        skip(in, tag);
        continue;
      }
      if (WireFormat.getTagWireType(tag) != field.getLiteType().getWireType()) {
        throw new IOException("field " + field.getFullName() + " has the wrong wire type");
      }
      if (field.isMapField()) {
        mapEntry(in, field, Json.child(object, Protos.jsonName(field)), depth);
      } else if (field.isRepeated()) {
        array(object, Protos.jsonName(field)).add(value(in, field, depth));
      } else if (Protos.embedded(field)) {
        message(in.readBytes().newCodedInput(), field.getMessageType(), object, depth + 1);
      } else {
        JsonNode value = value(in, field, depth);
        if (!absent(field, value)) {
          object.set(Protos.jsonName(field), value);
        }
      }
    }
  }

  private static ArrayNode array(ObjectNode object, String name) {
    return object.get(name) instanceof ArrayNode array ? array : object.putArray(name);
  }

  private static boolean absent(FieldDescriptor field, JsonNode value) {
    return value.isNull()
        || (value.isTextual() && value.asText().isEmpty())
        || (ZERO_IS_ABSENT.contains(field.getName())
            && (value.isBoolean() || value.isNumber())
            && !value.asBoolean()
            && !keepsZero(field));
  }

  /** {@code spec.replicas: 0} is something that people ask for; in a status it is nothing. */
  private static boolean keepsZero(FieldDescriptor field) {
    return field.getName().equals("replicas")
        && field.getContainingType().getName().endsWith("Spec");
  }

  private static void mapEntry(
      CodedInputStream in, FieldDescriptor field, ObjectNode map, int depth) throws IOException {
    CodedInputStream entry = in.readBytes().newCodedInput();
    FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
    String key = "";
    JsonNode value =
        valueField.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            ? Json.object()
            : Json.NODES.textNode("");
    for (int tag = entry.readTag(); tag != 0; tag = entry.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = entry.readStringRequireUtf8();
        case 2 -> value = value(entry, valueField, depth);
        default -> skip(entry, tag);
      }
    }
    map.set(key, value);
  }

  private static JsonNode value(CodedInputStream in, FieldDescriptor field, int depth)
      throws IOException {
    return switch (field.getType()) {
      case STRING -> Json.NODES.textNode(in.readStringRequireUtf8());
      case INT32 -> Json.number(in.readInt32());
      case INT64 -> Json.number(in.readInt64());
      case UINT32 -> Json.number(in.readUInt32());
      case UINT64 -> Json.number(in.readUInt64());
      case BOOL -> Json.NODES.booleanNode(in.readBool());
      case DOUBLE -> Json.NODES.numberNode(in.readDouble());
      case FLOAT -> Json.NODES.numberNode(in.readFloat());
      case BYTES -> Json.NODES.textNode(Base64.getEncoder().encodeToString(in.readByteArray()));
      case MESSAGE -> messageValue(in.readBytes(), field.getMessageType(), depth);
      default -> throw new IOException("field " + field.getFullName() + " has no JSON form");
    };
  }

  private static JsonNode messageValue(ByteString bytes, Descriptor type, int depth)
      throws IOException {
    Protos.Form form = Protos.form(type);
    if (form == Protos.Form.SCHEMA) {
      throw new IOException(type.getName() + " has to be sent as JSON");
    }
    ObjectNode plain = Json.object();
    message(bytes.newCodedInput(), type, plain, depth + 1);
    return switch (form) {
      case OBJECT, SCHEMA -> plain;
      case TIME -> time(plain, "yyyy-MM-dd'T'HH:mm:ss'Z'");
      case MICRO_TIME -> time(plain, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
      case DURATION -> Json.NODES.textNode(plain.path("duration").asLong() / 1_000_000_000.0 + "s");
      case QUANTITY -> Json.NODES.textNode(plain.path("string").asText("0"));
      case INT_OR_STRING ->
          plain.path("type").asInt() == 1
              ? Json.NODES.textNode(plain.path("strVal").asText())
              : Json.number(plain.path("intVal").asLong());
      case LIST -> plain.has("items") ? plain.get("items") : Json.array();
      case RAW_JSON -> raw(plain);
    };
  }

  private static JsonNode time(ObjectNode plain, String pattern) throws IOException {
    if (!plain.has("seconds")) {
      return Json.NODES.nullNode();
    }
    try {
      Instant instant =
          Instant.ofEpochSecond(plain.path("seconds").asLong(), plain.path("nanos").asLong());
      return Json.NODES.textNode(
          DateTimeFormatter.ofPattern(pattern, java.util.Locale.ROOT)
              .withZone(ZoneOffset.UTC)
              .format(instant));
    } catch (java.time.DateTimeException e) {
      throw new IOException("a time is out of range", e);
    }
  }

  private static JsonNode raw(ObjectNode plain) {
    String text = plain.path("raw").asText(plain.path("Raw").asText(""));
    if (text.isEmpty()) {
      return Json.NODES.nullNode();
    }
    byte[] json = Base64.getDecoder().decode(text);
    List<String> duplicates = new ArrayList<>();
    return new String(json, StandardCharsets.UTF_8).isBlank()
        ? Json.NODES.nullNode()
        : Json.read(json, duplicates);
  }
}
