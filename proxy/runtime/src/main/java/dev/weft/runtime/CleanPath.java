package dev.weft.runtime;

import dev.weft.runtime.HttpPipeline.PathNormalization;
import dev.weft.runtime.HttpPipeline.PathNormalization.EscapedSlashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A path as it is routed: cleaned, so that no policy is bypassed by another spelling of it. */
public sealed interface CleanPath {
  /** It is clean as it is. */
  record Same() implements CleanPath {}

  /** It is spelled otherwise. */
  record Changed(String target) implements CleanPath {}

  /** The request is answered with 400. */
  record Refused(String reason) implements CleanPath {}

  CleanPath SAME = new Same();

  /** Of a request target, query string included. */
  static CleanPath of(CharSequence target, PathNormalization rules) {
    boolean nothing =
        !rules.normalize()
            && !rules.mergeSlashes()
            && rules.escapedSlashes() == EscapedSlashes.KEEP;
    if (nothing || !suspicious(target)) {
      return SAME;
    }
    String text = target.toString();
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    String rest = query < 0 ? "" : text.substring(query);
    if (rules.escapedSlashes() != EscapedSlashes.KEEP && escapedSlash(path)) {
      if (rules.escapedSlashes() == EscapedSlashes.REJECT) {
        return new Refused("the path has escaped slashes");
      }
      path = path.replaceAll("(?i)%2f", "/").replaceAll("(?i)%5c", "\\\\");
    }
    if (rules.normalize()) {
      String normal = normalize(path);
      if (normal == null) {
        return new Refused("the path leaves its root");
      }
      path = normal;
    }
    if (rules.mergeSlashes()) {
      path = path.replaceAll("/{2,}", "/");
    }
    return new Changed(path + rest);
  }

  private static boolean escapedSlash(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.contains("%2f") || lower.contains("%5c");
  }

  private static boolean suspicious(CharSequence target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?') {
        return false;
      }
      boolean slashes = c == '/' && i > 0 && target.charAt(i - 1) == '/';
      if (c == '%' || c == '\\' || c == '.' || slashes) {
        return true;
      }
    }
    return false;
  }

  /** Removes dot segments (RFC 3986, 5.2.4); backslashes count as slashes. */
  private static @Nullable String normalize(String path) {
    String text = unescapeDots(path.replace('\\', '/'));
    if (!text.startsWith("/")) {
      return text;
    }
    List<String> out = new ArrayList<>();
    String[] segments = text.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      boolean last = i == segments.length - 1;
      if (segment.equals("..")) {
        if (out.isEmpty()) {
          return null;
        }
        out.removeLast();
        if (last) {
          out.add("");
        }
      } else if (segment.equals(".")) {
        if (last) {
          out.add("");
        }
      } else {
        out.add(segment);
      }
    }
    return "/" + String.join("/", out);
  }

  private static String unescapeDots(String path) {
    return path.indexOf('%') < 0 ? path : path.replace("%2e", ".").replace("%2E", ".");
  }
}
