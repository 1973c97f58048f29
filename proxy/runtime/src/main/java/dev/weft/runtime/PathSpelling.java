package dev.weft.runtime;

import dev.weft.runtime.HttpPipeline.PathNormalization;
import dev.weft.runtime.HttpPipeline.PathNormalization.EscapedSlashes;
import java.util.HexFormat;

/**
 * How the path of a request may be spelled otherwise. Envoy: source/common/http/path_utility.cc,
 * and url_canon_path.cc of googleurl, by which it normalizes.
 */
final class PathSpelling {
  private static final String UNRESERVED_MARKS = "-._~";
  private static final String OTHERS_KEPT = "/%!$&'()*+,:;=@[]";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private static final boolean[] UNRESERVED = marks(UNRESERVED_MARKS);

  /** What stands in a normal path without being escaped. */
  private static final boolean[] KEPT = marks(UNRESERVED_MARKS + OTHERS_KEPT);

  private PathSpelling() {}

  private static boolean[] marks(String more) {
    boolean[] marks = new boolean[128];
    for (char c = 0; c < marks.length; c++) {
      marks[c] =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || more.indexOf(c) >= 0;
    }
    return marks;
  }

  /** Where the path ends and the query string begins. */
  static int end(CharSequence target) {
    int end = 0;
    while (end < target.length() && target.charAt(end) != '?') {
      end++;
    }
    return end;
  }

  /** Whether the rules change nothing; makes no objects. False where that takes a closer look. */
  static boolean isClean(CharSequence target, int end, PathNormalization rules) {
    boolean normalize = rules.normalize();
    boolean unescape = rules.escapedSlashes() != EscapedSlashes.KEEP;
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      boolean clean =
          switch (c) {
            case '%' -> isKept(escaped(target, i, end), normalize, unescape);
            case '/' -> !rules.mergeSlashes() || i == 0 || target.charAt(i - 1) != '/';
            case '.' -> !normalize || i > 0 && target.charAt(i - 1) != '/';
            default -> !normalize || c < KEPT.length && KEPT[c];
          };
      if (!clean) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKept(int escaped, boolean normalize, boolean unescape) {
    boolean slash = escaped == '/' || escaped == '\\';
    return !(unescape && slash) && !(normalize && (escaped == 0 || isUnreserved(escaped)));
  }

  private static boolean isUnreserved(int c) {
    return c >= 0 && c < UNRESERVED.length && UNRESERVED[c];
  }

  /** What a percent sign and two digits stand for; below zero where it is not that. */
  private static int escaped(CharSequence path, int at, int end) {
    if (at + 2 >= end || path.charAt(at) != '%') {
      return -1;
    }
    char high = path.charAt(at + 1);
    char low = path.charAt(at + 2);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
        : -1;
  }

  /** With {@code /} and {@code \} in the place of what stands for them. */
  static String unescapeSlashes(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      int escaped = escaped(path, i, path.length());
      if (escaped == '/' || escaped == '\\') {
        out.append((char) escaped);
        i += 2;
      } else {
        out.append(path.charAt(i));
      }
    }
    return out.toString();
  }

  /** Whether there is a zero byte, escaped or not: no path of a file or of a rule has one. */
  static boolean hasZero(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == 0 || escaped(path, i, path.length()) == 0) {
        return true;
      }
    }
    return false;
  }

  /** One slash for several. */
  static String mergeSlashes(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) != '/' || i == 0 || path.charAt(i - 1) != '/') {
        out.append(path.charAt(i));
      }
    }
    return out.toString();
  }

  /**
   * Dot segments are followed (RFC 3986, 5.2.4) and stop at the root, backslashes are slashes,
   * unreserved characters are not escaped, and those are that a URL does not have. Other escapes
   * are left as they are, and none comes into being. Parameters do not make another segment of a
   * dot segment, as in {@code /..;a/} (GHSA-2w8w-rfw7-8gg4).
   */
  static String normalize(String path) {
    if (!path.startsWith("/") && !path.startsWith("\\")) {
      return path;
    }
    StringBuilder out = new StringBuilder(path.length());
    int at = 0;
    while (at < path.length()) {
      if (!out.isEmpty() && out.charAt(out.length() - 1) == '/') {
        int first = afterDot(path, at);
        int second = first < 0 ? -1 : afterDot(path, first);
        if (first >= 0 && segmentEnds(path, first)) {
          at = nextSegment(path, first);
          continue;
        }
        if (second >= 0 && segmentEnds(path, second)) {
          leaveSegment(out);
          at = nextSegment(path, second);
          continue;
        }
      }
      at = copy(path, at, out);
    }
    return out.toString();
  }

  /** Copies one character as a normal path has it; returns where the next one begins. */
  private static int copy(String path, int at, StringBuilder out) {
    char c = path.charAt(at);
    int escaped = escaped(path, at, path.length());
    if (isUnreserved(escaped) && !escapeBegins(out)) {
      out.append((char) escaped);
      return at + 3;
    }
    if (c == '\\') {
      out.append('/');
    } else if (c < KEPT.length && KEPT[c]) {
      out.append(c);
    } else {
      out.append('%').append(HEX.toHexDigits((byte) c));
    }
    return at + 1;
  }

  /** Whether the next character would belong to a percent sign that stood alone until now. */
  private static boolean escapeBegins(StringBuilder out) {
    int length = out.length();
    return length > 0 && out.charAt(length - 1) == '%'
        || length > 1 && out.charAt(length - 2) == '%';
  }

  /** Where what follows a dot begins; below zero where there is no dot. */
  private static int afterDot(String path, int at) {
    if (at < path.length() && path.charAt(at) == '.') {
      return at + 1;
    }
    return escaped(path, at, path.length()) == '.' ? at + 3 : -1;
  }

  private static boolean isSlash(char c) {
    return c == '/' || c == '\\';
  }

  private static boolean segmentEnds(String path, int at) {
    return at == path.length() || isSlash(path.charAt(at)) || path.charAt(at) == ';';
  }

  private static int nextSegment(String path, int at) {
    int next = at;
    while (next < path.length() && !isSlash(path.charAt(next))) {
      next++;
    }
    return Math.min(next + 1, path.length());
  }

  /** Takes the last segment away; the root stays. */
  private static void leaveSegment(StringBuilder out) {
    int slash = out.length() - 1;
    if (slash > 0) {
      out.setLength(out.lastIndexOf("/", slash - 1) + 1);
    }
  }
}
