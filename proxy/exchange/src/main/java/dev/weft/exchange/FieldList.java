package dev.weft.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header lines in their order, their names in lower case. */
public record FieldList(List<Field> fields) {
  public FieldList {
    fields = List.copyOf(fields);
  }

  /** One line. */
  public record Field(String name, String value) {}

  /** The value of the first line of a name, or null. */
  public @Nullable String first(String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return field.value();
      }
    }
    return null;
  }
}
