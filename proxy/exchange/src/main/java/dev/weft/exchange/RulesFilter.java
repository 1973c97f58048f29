package dev.weft.exchange;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;

/**
 * Rules say who may come in.
 *
 * @param place where decisions are counted
 */
record RulesFilter(AccessFilter rules, String place) implements Filter {
  @Override
  public Step head(Asked request) {
    AccessDecision decision = request.decide(rules, place);
    return decision.allowed()
        ? Step.GO_ON
        : Step.Reply.of(403, decision.details(), "RBAC: access denied");
  }
}
