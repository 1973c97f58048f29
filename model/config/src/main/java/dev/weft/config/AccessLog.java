package dev.weft.config;

import java.util.Map;

/**
 * Where proxies write one line for each request or connection, and how.
 *
 * @param path a file, such as {@code /dev/stdout}; empty turns the log off
 * @param condition that a request meets which is logged (an {@link dev.weft.types.Expression});
 *     empty for all
 */
public record AccessLog(String path, Format format, String condition) {

  public static final AccessLog OFF = new AccessLog("", new Format.Text());

  /** One of everything. */
  public AccessLog(String path, Format format) {
    this(path, format, "");
  }

  /** The same of what meets another condition. */
  public AccessLog where(String other) {
    return new AccessLog(path, format, other);
  }

  public boolean enabled() {
    return !path.isEmpty();
  }

  /** The line format. */
  public sealed interface Format {
    /**
     * JSON with 25 keys in alphabetical order, all values strings, as proxies of Alibaba Cloud ASM
     * write it.
     */
    record Asm() implements Format {}

    /** Istio's default JSON keys. */
    record IstioJson() implements Format {}

    /** Istio's default text line. */
    record Text() implements Format {}

    /** A text line with Envoy's command operators. */
    record CustomText(String format) implements Format {}

    /** JSON fields, each with Envoy's command operators. */
    record CustomJson(Map<String, String> fields) implements Format {
      public CustomJson {
        fields = Copies.map(fields);
      }
    }
  }
}
