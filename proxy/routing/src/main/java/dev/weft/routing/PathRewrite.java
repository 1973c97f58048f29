package dev.weft.routing;

/** How the path is changed. The query string stays as it is. */
public sealed interface PathRewrite {
  PathRewrite KEEP = new Keep();

  /** Unchanged. */
  record Keep() implements PathRewrite {}

  /**
   * The matched prefix (or the whole path, where the route matched exactly) is replaced.
   *
   * @param matched how many characters of the path the route matched
   */
  record ReplacePrefix(int matched, String with) implements PathRewrite {}

  /** The whole path is replaced. */
  record ReplaceFull(String with) implements PathRewrite {}

  /** Every occurrence of the expression is replaced. */
  record Substitute(RegexPattern pattern, String substitution) implements PathRewrite {
    public Substitute {
      pattern.checkSubstitution(substitution);
    }
  }

  /** The new target for an old one, query string included. */
  default CharSequence apply(CharSequence target) {
    int end = Text.pathLength(target);
    return switch (this) {
      case Keep k -> target;
      case ReplacePrefix p ->
          p.with() + target.subSequence(Math.min(p.matched(), end), target.length());
      case ReplaceFull f -> f.with() + target.subSequence(end, target.length());
      case Substitute s ->
          s.pattern().replaceAll(target.subSequence(0, end), s.substitution())
              + target.subSequence(end, target.length());
    };
  }
}
