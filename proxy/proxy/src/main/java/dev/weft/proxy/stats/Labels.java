package dev.weft.proxy.stats;

import java.util.function.BiConsumer;

/** Label sets in the text format, escaped. */
final class Labels {
  private final StringBuilder out = new StringBuilder();

  Labels add(String name, String value) {
    out.append(out.isEmpty() ? "" : ",").append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
    out.append('"');
    return this;
  }

  /** Reads what {@link #add} wrote. */
  static void each(String labels, BiConsumer<String, String> label) {
    int at = 0;
    while (at < labels.length()) {
      int equals = labels.indexOf("=\"", at);
      StringBuilder value = new StringBuilder();
      int i = equals + 2;
      for (; labels.charAt(i) != '"'; i++) {
        char c = labels.charAt(i);
        if (c == '\\') {
          c = labels.charAt(++i);
          value.append(c == 'n' ? '\n' : c);
        } else {
          value.append(c);
        }
      }
      label.accept(labels.substring(at, equals), value.toString());
      // Behind the quotation mark and the comma.
      at = i + 2;
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
