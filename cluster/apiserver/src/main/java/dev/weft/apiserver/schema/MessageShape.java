package dev.weft.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The shape of a built-in type, from the descriptor of its protobuf message.
 *
 * @param descriptor loaded when first needed: the descriptors are large
 */
public record MessageShape(Supplier<Descriptor> descriptor) implements Shape {
  private static final Set<String> TYPE_META = Set.of("apiVersion", "kind");

  @Override
  public List<String> prune(ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    new Walk(unknown).object(object, descriptor.get(), "", true);
    return unknown;
  }

  /** One walk down an object. */
  private record Walk(List<String> unknown) {

    void object(ObjectNode object, Descriptor message, String path, boolean root) {
      Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
      while (entries.hasNext()) {
        Map.Entry<String, JsonNode> entry = entries.next();
        String key = entry.getKey();
        if (root && TYPE_META.contains(key)) {
          continue;
        }
        String at = path.isEmpty() ? key : path + "." + key;
        Optional<FieldDescriptor> field = Protos.field(message, key);
        if (field.isEmpty()) {
          unknown.add("unknown field \"" + at + "\"");
          entries.remove();
        } else if (entry.getValue().isNull()) {
          // Go reads null as not there.
          entries.remove();
        } else {
          field(entry.getValue(), field.get(), message, at);
        }
      }
    }

    private void field(JsonNode value, FieldDescriptor field, Descriptor owner, String at) {
      if (field.isMapField()) {
        if (!(value instanceof ObjectNode map)) {
          throw mistyped(value, owner, at, "map[string]" + goType(field));
        }
        FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
          if (!entry.getValue().isNull()) {
            single(entry.getValue(), valueField, owner, at + "." + entry.getKey());
          }
        }
      } else if (field.isRepeated()) {
        if (!(value instanceof ArrayNode array)) {
          throw mistyped(value, owner, at, "[]" + goType(field));
        }
        for (int i = 0; i < array.size(); i++) {
          if (!array.get(i).isNull()) {
            single(array.get(i), field, owner, at + "[" + i + "]");
          }
        }
      } else {
        single(value, field, owner, at);
      }
    }

    private void single(JsonNode value, FieldDescriptor field, Descriptor owner, String at) {
      boolean fits =
          switch (field.getJavaType()) {
            case INT, LONG -> value.isIntegralNumber();
            case FLOAT, DOUBLE -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case STRING, ENUM -> value.isTextual();
            case BYTE_STRING -> base64(value, owner, at);
            case MESSAGE -> message(value, field.getMessageType(), at);
          };
      if (!fits) {
        throw mistyped(value, owner, at, goType(field));
      }
    }

    private boolean message(JsonNode value, Descriptor message, String at) {
      return switch (Protos.form(message)) {
        case OBJECT -> {
          if (value instanceof ObjectNode object) {
            object(object, message, at, false);
            yield true;
          }
          yield false;
        }
        case TIME, MICRO_TIME, DURATION -> value.isTextual();
        case QUANTITY, INT_OR_STRING -> value.isTextual() || value.isNumber();
        case LIST -> value.isArray();
        case RAW_JSON, SCHEMA -> true;
      };
    }

    private static boolean base64(JsonNode value, Descriptor owner, String at) {
      if (!value.isTextual()) {
        return false;
      }
      try {
        java.util.Base64.getDecoder().decode(value.asText().replaceAll("\\s", ""));
        return true;
      } catch (IllegalArgumentException e) {
        throw Errors.badRequest(
            owner.getName()
                + " field \""
                + at
                + "\": illegal base64 data ("
                + e.getMessage()
                + ")");
      }
    }

    private static ApiException mistyped(
        JsonNode value, Descriptor owner, String at, String wanted) {
      String found =
          switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case ARRAY -> "array";
            case OBJECT, POJO, BINARY -> "object";
            case MISSING, NULL -> "null";
          };
      return Errors.badRequest(
          "json: cannot unmarshal "
              + found
              + " into Go struct field "
              + owner.getName()
              + "."
              + at.replaceAll("\\[\\d+]", "")
              + " of type "
              + wanted);
    }

    private static String goType(FieldDescriptor field) {
      return switch (field.getJavaType()) {
        case INT -> "int32";
        case LONG -> "int64";
        case FLOAT, DOUBLE -> "float64";
        case BOOLEAN -> "bool";
        case STRING, ENUM -> "string";
        case BYTE_STRING -> "[]uint8";
        case MESSAGE ->
            field.isMapField()
                ? goType(field.getMessageType().findFieldByName("value"))
                : field
                        .getMessageType()
                        .getFile()
                        .getPackage()
                        .replaceAll(".*\\.(\\w+)\\.(\\w+)$", "$2")
                    + "."
                    + field.getMessageType().getName();
      };
    }
  }
}
