package dev.weft.config;

import dev.weft.types.HeaderText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code customTags} of a Telemetry and of MeshConfig. */
final class TraceTagParser {
  private TraceTagParser() {}

  static Map<String, TraceTag> read(TreeReader r) {
    Map<String, TraceTag> tags = new LinkedHashMap<>();
    r.entries(
        "customTags",
        (name, t) -> {
          TraceTag tag = tag(t);
          if (tag != null && name.isEmpty()) {
            r.error("customTags", "a tag without a name is left away");
          } else if (tag != null) {
            tags.put(name, tag);
          }
        });
    return tags;
  }

  private static @Nullable TraceTag tag(TreeReader r) {
    TraceTag literal = r.object("literal", TraceTagParser::literal);
    TraceTag header = r.object("header", TraceTagParser::header);
    TraceTag environment = r.object("environment", TraceTagParser::environment);
    r.unsupported("formatter", "spans do not get the tag; literal, header and environment are");
    return literal != null ? literal : header != null ? header : environment;
  }

  private static @Nullable TraceTag literal(TreeReader r) {
    String value = r.string("value");
    if (value.isEmpty()) {
      r.error("value", "a text is needed; spans do not get the tag");
      return null;
    }
    return new TraceTag.Literal(value);
  }

  private static @Nullable TraceTag header(TreeReader r) {
    String name = r.string("name");
    String otherwise = r.string("defaultValue");
    if (!HeaderText.isName(name)) {
      r.error("name", "'" + name + "' cannot be the name of a header; spans do not get the tag");
      return null;
    }
    return new TraceTag.Header(name, otherwise);
  }

  private static @Nullable TraceTag environment(TreeReader r) {
    String name = r.string("name");
    String otherwise = r.string("defaultValue");
    if (name.isEmpty()) {
      r.error("name", "the name of a variable is needed; spans do not get the tag");
      return null;
    }
    return new TraceTag.Environment(name, otherwise);
  }
}
