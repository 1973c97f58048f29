package dev.weft.runtime;

import dev.weft.types.Expression;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.TypedConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Access loggers: files, with text or JSON formats. */
final class AccessLogCompiler {
  private AccessLogCompiler() {}

  static List<AccessLog> all(ProtoFields in, int field, String name) {
    return in.each(field, name, AccessLogCompiler::compile);
  }

  private static AccessLog compile(ProtoFields in) {
    in.ignore(IgnoredInListeners.ACCESS_LOG);
    ProtoFields filter = in.message(2, "filter");
    TypedConfig config = in.any(4, "typed_config");
    if (config == null) {
      throw in.reject("typed_config", "is missing");
    }
    if (!config.is("envoy.extensions.access_loggers.file.v3.FileAccessLog")) {
      throw in.reject("typed_config", "access logger " + config.type() + " is not supported");
    }
    ProtoFields file = config.fields();
    List<String> flags = new ArrayList<>();
    List<Expression> conditions = new ArrayList<>();
    if (filter != null) {
      filter(filter, flags, conditions);
    }
    return new AccessLog(file.text(1), format(file), flags, conditions);
  }

  private static void filter(ProtoFields filter, List<String> flags, List<Expression> conditions) {
    ProtoFields some = filter.message(9, "response_flag_filter");
    ProtoFields all = filter.message(6, "and_filter");
    ProtoFields extension = filter.message(11, "extension_filter");
    if (some != null) {
      if (!flags.isEmpty()) {
        throw filter.reject("response_flag_filter", "only one of them is supported");
      }
      flags.addAll(some.texts(1));
    } else if (all != null) {
      all.messages(1, "filters").forEach(each -> filter(each, flags, conditions));
    } else if (extension != null) {
      conditions.add(condition(extension));
    } else {
      throw filter.reject(
          "filter_specifier",
          "only response_flag_filter, and_filter and the extension for CEL are supported");
    }
  }

  private static Expression condition(ProtoFields extension) {
    extension.ignore(IgnoredInListeners.LOG_FILTER);
    TypedConfig config = extension.any(3, "typed_config");
    if (config == null
        || !config.is("envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter")) {
      throw extension.reject(
          "typed_config", (config == null ? "nothing" : config.type()) + " is not supported");
    }
    ProtoFields filter = config.fields();
    try {
      return Expression.parse(filter.text(1));
    } catch (IllegalArgumentException e) {
      throw filter.reject("expression", String.valueOf(e.getMessage()));
    }
  }

  private static LogFormat format(ProtoFields file) {
    ProtoFields format = file.message(5, "log_format");
    if (format != null) {
      format.ignore(IgnoredInListeners.LOG_FORMAT);
      boolean omitEmpty = format.bool(3);
      ProtoFields json = format.message(2, "json_format");
      if (json != null) {
        return json(json, omitEmpty, false);
      }
      ProtoFields source = format.message(5, "text_format_source");
      String text = source == null ? format.text(1) : inline(source);
      return new LogFormat.Text(parse(format, "text_format", text), omitEmpty);
    }
    ProtoFields typed = file.message(4, "typed_json_format");
    ProtoFields json = file.message(3, "json_format");
    if (typed != null || json != null) {
      return json(typed != null ? typed : json, false, typed == null);
    }
    String text = file.text(2).isEmpty() ? LogFormatParser.DEFAULT : file.text(2);
    return new LogFormat.Text(parse(file, "format", text), false);
  }

  static String inline(ProtoFields source) {
    if (source.has(2)) {
      return new String(source.bytes(2), java.nio.charset.StandardCharsets.UTF_8);
    }
    if (!source.has(3)) {
      throw source.reject("specifier", "only inline text is supported");
    }
    return source.text(3);
  }

  private static LogFormat json(
      @Nullable ProtoFields struct, boolean omitEmpty, boolean textValues) {
    List<LogFormat.Field> fields = new ArrayList<>();
    if (struct != null) {
      for (Map.Entry<String, @Nullable Object> entry : ProtoStruct.read(struct).entrySet()) {
        if (!(entry.getValue() instanceof String text)) {
          throw struct.reject(entry.getKey(), "only strings are supported as values");
        }
        List<LogFormat.Segment> segments = parse(struct, entry.getKey(), text);
        if (textValues) {
          // The deprecated json_format writes strings only; an empty literal keeps them that way.
          segments = new ArrayList<>(segments);
          segments.add(new LogFormat.Literal(""));
        }
        fields.add(new LogFormat.Field(entry.getKey(), segments));
      }
    }
    return new LogFormat.Json(fields, omitEmpty);
  }

  private static List<LogFormat.Segment> parse(ProtoFields in, String field, String text) {
    try {
      return LogFormatParser.parse(text);
    } catch (IllegalArgumentException e) {
      throw in.reject(field, String.valueOf(e.getMessage()));
    }
  }
}
