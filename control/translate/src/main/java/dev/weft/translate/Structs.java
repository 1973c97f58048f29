package dev.weft.translate;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;

/** Plain maps as protobuf structs. */
final class Structs {
  private Structs() {}

  /** Values are strings, booleans, numbers, lists and maps. */
  static Struct of(Map<String, ?> fields) {
    Struct.Builder struct = Struct.newBuilder();
    fields.forEach((key, value) -> struct.putFields(key, value(value)));
    return struct.build();
  }

  static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  private static Value value(Object value) {
    return switch (value) {
      case String s -> text(s);
      case Boolean b -> Value.newBuilder().setBoolValue(b).build();
      case Number n -> Value.newBuilder().setNumberValue(n.doubleValue()).build();
      case List<?> list -> {
        Value.Builder result = Value.newBuilder().setListValue(ListValue.getDefaultInstance());
        list.forEach(item -> result.getListValueBuilder().addValues(value(item)));
        yield result.build();
      }
      case Map<?, ?> map -> {
        Value.Builder result = Value.newBuilder().setStructValue(Struct.getDefaultInstance());
        map.forEach(
            (key, item) -> result.getStructValueBuilder().putFields(key.toString(), value(item)));
        yield result.build();
      }
      default -> throw new IllegalArgumentException("no protobuf value for " + value.getClass());
    };
  }
}
