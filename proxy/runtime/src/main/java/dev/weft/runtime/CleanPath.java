package dev.weft.runtime;

import dev.weft.runtime.HttpPipeline.PathNormalization;
import dev.weft.runtime.HttpPipeline.PathNormalization.EscapedSlashes;

/** A path as it is routed: cleaned, so that no policy is bypassed by another spelling of it. */
public sealed interface CleanPath {
  /** It is clean as it is. */
  record Same() implements CleanPath {}

  /** It is spelled otherwise. */
  record Changed(String target) implements CleanPath {}

  /** The client is told to ask for another target instead; where it speaks gRPC, it is refused. */
  record Redirected(String target) implements CleanPath {}

  /** The request is answered with 400. */
  record Refused(String reason) implements CleanPath {}

  CleanPath SAME = new Same();

  /**
   * Of a request target, query string included, which stays as it is. Envoy: maybeNormalizePath in
   * source/common/http/conn_manager_utility.cc.
   */
  static CleanPath of(CharSequence target, PathNormalization rules) {
    int end = PathSpelling.end(target);
    if (PathSpelling.isClean(target, end, rules)) {
      return SAME;
    }
    String path = target.subSequence(0, end).toString();
    boolean redirect = false;
    if (rules.escapedSlashes() != EscapedSlashes.KEEP) {
      String unescaped = PathSpelling.unescapeSlashes(path);
      boolean found = unescaped.length() != path.length();
      if (found && rules.escapedSlashes() == EscapedSlashes.REJECT) {
        return new Refused("the path has escaped slashes");
      }
      redirect = found && rules.escapedSlashes() == EscapedSlashes.UNESCAPE_AND_REDIRECT;
      path = unescaped;
    }
    if (rules.normalize()) {
      if (PathSpelling.hasZero(path)) {
        return new Refused("the path has a zero byte");
      }
      path = PathSpelling.normalize(path);
    }
    if (rules.mergeSlashes()) {
      path = PathSpelling.mergeSlashes(path);
    }
    String clean = path + target.subSequence(end, target.length());
    if (redirect) {
      return new Redirected(clean);
    }
    return clean.contentEquals(target) ? SAME : new Changed(clean);
  }
}
