package dev.weft.routing;

import java.util.List;

/**
 * A condition on a claim of a verified token.
 *
 * @param path of keys to the claim
 * @param invert true: it is not so
 */
public record ClaimRule(List<String> path, ClaimMatch match, boolean invert) {
  public ClaimRule {
    path = List.copyOf(path);
  }

  /** Whether the request fulfils the condition. */
  public boolean matches(RequestView request) {
    return match.matches(request.claim(path)) != invert;
  }
}
