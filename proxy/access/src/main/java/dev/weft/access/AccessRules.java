package dev.weft.access;

import java.util.Comparator;
import java.util.List;

/**
 * Policies and what becomes of calls that one of them matches. Envoy: envoy.config.rbac.v3.RBAC.
 *
 * @param policies in the order of their names; the first that matches is the one that is named
 */
public record AccessRules(Action action, List<AccessPolicy> policies) {
  public AccessRules {
    policies = policies.stream().sorted(Comparator.comparing(AccessPolicy::name)).toList();
  }

  /** What a match means. */
  public enum Action {
    /** Only what a policy matches may come in. */
    ALLOW,
    /** What a policy matches may not come in. */
    DENY,
    /** Everything may come in. */
    LOG
  }

  private static final AccessDecision DENIED = new AccessDecision(false, "");

  public AccessDecision decide(AccessView view) {
    for (AccessPolicy policy : policies) {
      if (policy.matches(view)) {
        return new AccessDecision(action != Action.DENY, policy.name());
      }
    }
    return action == Action.ALLOW ? DENIED : AccessDecision.ALLOWED;
  }
}
