package dev.weft.server.log;

import dev.weft.runtime.LogFormat;
import dev.weft.runtime.LogFormat.Literal;
import dev.weft.runtime.LogFormat.Operator;
import dev.weft.runtime.LogFormat.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A log format compiled to steps. Confined to its event loop. */
final class LineFormat {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MISSING = {'-'};

  /** A literal, then perhaps a field. */
  private record Step(byte[] literal, @Nullable LogField field, Place place) {}

  private enum Place {
    INSIDE,
    /** At the beginning of a member of a JSON object. */
    MEMBER,
    /** A whole member, whose value brings its own quotes. */
    TYPED_MEMBER
  }

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
          new LineFormat(
              steps(text.segments(), UnaryOperator.identity()),
              json(text.segments()),
              text.omitEmpty());
      case LogFormat.Json json -> new LineFormat(steps(json), true, json.omitEmpty());
    };
  }

  /** A text template of a JSON object gets values that keep it one. */
  private static boolean json(List<Segment> segments) {
    return !segments.isEmpty()
        && segments.getFirst() instanceof Literal literal
        && literal.text().stripLeading().startsWith("{");
  }

  private static List<Step> steps(List<Segment> segments, UnaryOperator<String> written) {
    List<Step> steps = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (Segment segment : segments) {
      switch (segment) {
        case Literal text -> literal.append(written.apply(text.text()));
        case Operator operator -> {
          steps.add(new Step(utf8(literal.toString()), LogField.of(operator), Place.INSIDE));
          literal.setLength(0);
        }
      }
    }
    steps.add(new Step(utf8(literal.toString()), null, Place.INSIDE));
    return steps;
  }

  private static List<Step> steps(LogFormat.Json json) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(utf8("{"), null, Place.INSIDE));
    for (LogFormat.Field field : json.fields()) {
      String key = "\"" + escaped(field.key()) + "\":";
      if (field.value().size() == 1 && field.value().getFirst() instanceof Operator operator) {
        steps.add(new Step(utf8(key), LogField.of(operator), Place.TYPED_MEMBER));
        continue;
      }
      steps.add(new Step(utf8(key + "\""), null, Place.MEMBER));
      steps.addAll(steps(field.value(), LineFormat::escaped));
      steps.add(new Step(utf8("\""), null, Place.INSIDE));
    }
    steps.add(new Step(utf8("}\n"), null, Place.INSIDE));
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
    int first = out.length() + 1;
    for (Step step : steps) {
      int start = out.length();
      if (step.place != Place.INSIDE && start > first) {
        out.raw(',');
      }
      out.raw(step.literal);
      if (step.field != null) {
        if (step.place != Place.TYPED_MEMBER) {
          value(step.field, values, out);
        } else if (!typed(step.field, values, out)) {
          missing(start, out);
        }
      }
    }
  }

  private void missing(int start, LogText out) {
    if (omitEmpty) {
      out.cut(start);
    } else {
      out.raw(NULL);
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

  /** False where there is no value; then nothing was written. */
  private static boolean typed(LogField field, LogValues values, LogText out) {
    boolean quoted = !field.kind().number();
    int start = out.length();
    if (quoted) {
      out.raw('"');
    }
    if (!values.write(field, out)) {
      out.cut(start);
      return false;
    }
    if (field.maxLength() > 0) {
      out.cut(start + field.maxLength() + (quoted ? 1 : 0));
    }
    if (quoted) {
      out.raw('"');
    }
    return true;
  }
}
