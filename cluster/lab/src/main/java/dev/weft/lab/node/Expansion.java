package dev.weft.lab.node;

import java.util.Map;

/** Replaces {@code $(NAME)} as Kubernetes does; {@code $$} stands for one dollar sign. */
final class Expansion {
  private Expansion() {}

  /** A name that is not there stays as it was written. */
  static String expand(String text, Map<String, String> variables) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '$' || at + 1 == text.length()) {
        out.append(c);
        at++;
      } else if (text.charAt(at + 1) == '$') {
        out.append('$');
        at += 2;
      } else if (text.charAt(at + 1) == '(' && text.indexOf(')', at) > 0) {
        int end = text.indexOf(')', at);
        String name = text.substring(at + 2, end);
        String value = variables.get(name);
        out.append(value == null ? text.substring(at, end + 1) : value);
        at = end + 1;
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }
}
