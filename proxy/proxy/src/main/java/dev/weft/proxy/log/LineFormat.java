package dev.weft.proxy.log;

import dev.weft.runtime.LogFormat;
import dev.weft.runtime.LogFormat.Literal;
import dev.weft.runtime.LogFormat.Operator;
import dev.weft.runtime.LogFormat.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log format compiled to steps. Confined to its event loop. */
final class LineFormat {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MISSING = {'-'};

  /** A literal, then perhaps a field. Typed: a JSON value that brings its own quotes. */
  private record Step(byte[] literal, @Nullable LogField field, boolean typed) {}

  private final Step[] steps;
  private final boolean escape;
  private final boolean omitEmpty;

  private LineFormat(List<Step> steps, boolean escape, boolean omitEmpty) {
    this.steps = steps.toArray(new Step[0]);
    this.escape = escape;
    this.omitEmpty = omitEmpty;
  }

  static LineFormat of(LogFormat format) {
    return switch (format) {
      case LogFormat.Text text ->
          new LineFormat(steps(text.segments()), json(text.segments()), text.omitEmpty());
      case LogFormat.Json json -> new LineFormat(steps(json), true, false);
    };
  }

  /** A text template of a JSON object gets values that keep it one. */
  private static boolean json(List<Segment> segments) {
    return !segments.isEmpty()
        && segments.getFirst() instanceof Literal literal
        && literal.text().stripLeading().startsWith("{");
  }

  private static List<Step> steps(List<Segment> segments) {
    List<Step> steps = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (Segment segment : segments) {
      switch (segment) {
        case Literal text -> literal.append(text.text());
        case Operator operator -> {
          steps.add(new Step(utf8(literal.toString()), LogField.of(operator), false));
          literal.setLength(0);
        }
      }
    }
    steps.add(new Step(utf8(literal.toString()), null, false));
    return steps;
  }

  private static List<Step> steps(LogFormat.Json json) {
    List<Step> steps = new ArrayList<>();
    StringBuilder literal = new StringBuilder("{");
    String comma = "";
    for (LogFormat.Field field : json.fields()) {
      literal.append(comma).append('"').append(escaped(field.key())).append("\":");
      comma = ",";
      if (field.value().size() == 1 && field.value().getFirst() instanceof Operator operator) {
        steps.add(new Step(utf8(literal.toString()), LogField.of(operator), true));
        literal.setLength(0);
        continue;
      }
      literal.append('"');
      for (Segment segment : field.value()) {
        switch (segment) {
          case Literal text -> literal.append(escaped(text.text()));
          case Operator operator -> {
            steps.add(new Step(utf8(literal.toString()), LogField.of(operator), false));
            literal.setLength(0);
          }
        }
      }
      literal.append('"');
    }
    steps.add(new Step(utf8(literal.append("}\n").toString()), null, false));
    return steps;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void write(LogValues values, LogText out) {
    out.escape(escape);
    for (Step step : steps) {
      out.raw(step.literal);
      if (step.field != null) {
        if (step.typed) {
          typed(step.field, values, out);
        } else {
          value(step.field, values, out);
        }
      }
    }
  }

  private void value(LogField field, LogValues values, LogText out) {
    int start = out.length();
    if (!values.write(field, out)) {
      if (!omitEmpty) {
        out.raw(MISSING);
      }
    } else if (field.maxLength() > 0) {
      out.cut(start + field.maxLength());
    }
  }

  private void typed(LogField field, LogValues values, LogText out) {
    boolean quoted = !field.kind().number();
    int start = out.length();
    if (quoted) {
      out.raw('"');
    }
    if (!values.write(field, out)) {
      out.cut(start);
      out.raw(NULL);
      return;
    }
    if (field.maxLength() > 0) {
      out.cut(start + field.maxLength() + (quoted ? 1 : 0));
    }
    if (quoted) {
      out.raw('"');
    }
  }
}
