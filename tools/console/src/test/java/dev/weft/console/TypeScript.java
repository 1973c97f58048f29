package dev.weft.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes TypeScript's types for records, as the console's JSON has them. */
final class TypeScript {
  private final Map<Class<?>, String> names = new LinkedHashMap<>();
  private final Deque<Class<?>> open = new ArrayDeque<>();

  private TypeScript() {}

  /** The types of some records, and of all that they are made of. */
  static String of(List<Class<?>> records) {
    TypeScript types = new TypeScript();
    records.forEach(types::name);
    StringBuilder text = new StringBuilder();
    while (!types.open.isEmpty()) {
      text.append(types.declaration(types.open.removeFirst())).append('\n');
    }
    return text.toString();
  }

  /** Its own name, or that with the one around it where it is taken. */
  private String name(Class<?> type) {
    String known = names.get(type);
    if (known != null) {
      return known;
    }
    Class<?> around = type.getEnclosingClass();
    String name = type.getSimpleName();
    if (names.containsValue(name) && around != null) {
      name = around.getSimpleName() + name;
    }
    if (names.containsValue(name)) {
      throw new IllegalArgumentException("two types are called " + name);
    }
    names.put(type, name);
    open.addLast(type);
    return name;
  }

  private String declaration(Class<?> type) {
    if (type.isEnum()) {
      List<String> words = new ArrayList<>();
      for (Object constant : type.getEnumConstants()) {
        JsonNode word = Json.mapper().valueToTree(constant);
        words.add("'" + word.asText() + "'");
      }
      return "export type " + name(type) + " = " + String.join(" | ", words) + ";\n";
    }
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type + " is neither a record nor an enum");
    }
    StringBuilder text = new StringBuilder("export interface " + name(type) + " {\n");
    for (RecordComponent component : type.getRecordComponents()) {
      text.append("  ")
          .append(component.getName())
          .append(": ")
          .append(type(component.getAnnotatedType()))
          .append(";\n");
    }
    return text.append("}\n").toString();
  }

  private String type(AnnotatedType annotated) {
    String bare = bare(annotated);
    return annotated.isAnnotationPresent(Nullable.class) ? bare + " | null" : bare;
  }

  private String bare(AnnotatedType annotated) {
    if (annotated instanceof AnnotatedParameterizedType generic) {
      Class<?> raw =
          (Class<?>) ((java.lang.reflect.ParameterizedType) generic.getType()).getRawType();
      AnnotatedType[] of = generic.getAnnotatedActualTypeArguments();
      if (raw.equals(List.class)) {
        return type(of[0]) + "[]";
      }
      if (raw.equals(Map.class)) {
        return "Record<" + type(of[0]) + ", " + type(of[1]) + ">";
      }
      if (raw.equals(Optional.class)) {
        // Empty where there is none.
        return type(of[0]);
      }
      throw new IllegalArgumentException("no type for " + raw);
    }
    Class<?> type = (Class<?>) annotated.getType();
    if (type.equals(String.class) || type.equals(Instant.class)) {
      return "string";
    }
    if (type.equals(boolean.class) || type.equals(Boolean.class)) {
      return "boolean";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "number";
    }
    return type.equals(Object.class) ? "unknown" : name(type);
  }
}
