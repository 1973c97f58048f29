package dev.weft.server.log;

import dev.weft.runtime.LogFormat.Operator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with operators outside of logs: values of configured headers. */
public final class LineText {
  private static final Pattern OPERATOR =
      Pattern.compile("%(%|([A-Z0-9_]+)(?:\\(([^)]*)\\))?(?::(\\d+))?%)");

  private LineText() {}

  /** Replaces the operators by their values; a missing value is empty. */
  public static String expand(String template, LogValues values) {
    Matcher matcher = OPERATOR.matcher(template);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(value(matcher, values)));
    }
    matcher.appendTail(out);
    return out.toString();
  }

  private static String value(Matcher matcher, LogValues values) {
    if (matcher.group(1).equals("%")) {
      return "%";
    }
    String argument = matcher.group(3) == null ? "" : matcher.group(3).toLowerCase(Locale.ROOT);
    int question = argument.indexOf('?');
    LogField field =
        LogField.of(
            new Operator(
                matcher.group(2),
                question < 0 ? argument : argument.substring(0, question),
                question < 0 ? null : argument.substring(question + 1),
                matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4))));
    LogText out = new LogText();
    return values.write(field, out) ? out.asText().replaceAll("[\r\n]", "") : "";
  }
}
