package dev.weft.proxy.http;

import dev.weft.proxy.log.LineText;
import dev.weft.proxy.log.LogValues;

/** Values of configured headers that hold {@code %COMMAND%} operators. */
final class HeaderTemplate {
  private HeaderTemplate() {}

  static String expand(String template, LogValues values) {
    return LineText.expand(template, values);
  }
}
