package dev.weft.runtime;

import dev.weft.types.SubstitutionFormat;
import java.util.List;
import java.util.Locale;

/** Takes a format string of Envoy's access logs apart. */
public final class LogFormatParser {
  /** Envoy's default format. */
  public static final String DEFAULT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
          + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
          + " \"%UPSTREAM_HOST%\"\n";

  private LogFormatParser() {}

  /**
   * Literals and operators in order.
   *
   * @throws IllegalArgumentException naming the operator that is unknown or does not end
   */
  public static List<LogFormat.Segment> parse(String format) {
    return SubstitutionFormat.parse(format).parts().stream().map(LogFormatParser::segment).toList();
  }

  private static LogFormat.Segment segment(SubstitutionFormat.Part part) {
    return switch (part) {
      case SubstitutionFormat.Literal literal -> new LogFormat.Literal(literal.text());
      case SubstitutionFormat.Operator operator -> segment(operator);
    };
  }

  private static LogFormat.Operator segment(SubstitutionFormat.Operator operator) {
    if (!operator.ofHeader()) {
      return new LogFormat.Operator(
          operator.name(), operator.argument(), null, operator.maxLength());
    }
    String lower = operator.argument().toLowerCase(Locale.ROOT);
    int question = lower.indexOf('?');
    return question < 0
        ? new LogFormat.Operator(operator.name(), lower, null, operator.maxLength())
        : new LogFormat.Operator(
            operator.name(),
            lower.substring(0, question),
            lower.substring(question + 1),
            operator.maxLength());
  }
}
