package dev.weft.proxy.stats;

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

  @Override
  public String toString() {
    return out.toString();
  }
}
