package dev.weft.exchange;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;
import dev.weft.access.AccessRules;
import dev.weft.access.AccessView;
import dev.weft.runtime.Authorizer;

/**
 * Rules say who may come in. Of those that are only tried, the policy that matched is noted for
 * filters that come later, as Envoy's dynamic metadata has it.
 *
 * @param place where decisions are counted
 */
public record RulesFilter(AccessFilter rules, String place) implements Filter {
  /** Istio's, for rules that choose whom an authorizer is asked about: nothing is tried by them. */
  private static final String CHOOSING = "istio_ext_authz_";

  @Override
  public Step head(Asked request) {
    AccessRules tried = rules.shadow();
    if (tried != null) {
      AccessDecision would = tried.decide(request);
      if (!would.policy().isEmpty()) {
        request.note(Authorizer.When.key(rules), would.policy());
      }
      count(rules, tried, would, request.counter(), place);
    }
    AccessDecision decision = enforced(rules, request, request.counter(), place);
    return decision.allowed()
        ? Step.GO_ON
        : Step.Reply.of(403, decision.details(), "RBAC: access denied");
  }

  /** What rules say of a connection whose bytes are passed on. */
  public static AccessDecision decide(
      AccessFilter rules, AccessView connection, AccessCounter counter, String place) {
    AccessRules tried = rules.shadow();
    if (tried != null) {
      count(rules, tried, tried.decide(connection), counter, place);
    }
    return enforced(rules, connection, counter, place);
  }

  private static void count(
      AccessFilter rules,
      AccessRules tried,
      AccessDecision would,
      AccessCounter counter,
      String place) {
    if (!rules.shadowPrefix().equals(CHOOSING)) {
      counter.decided(place, AccessOutcome.tried(tried.action(), would.allowed()));
    }
  }

  private static AccessDecision enforced(
      AccessFilter rules, AccessView view, AccessCounter counter, String place) {
    AccessRules enforced = rules.rules();
    if (enforced == null) {
      return AccessDecision.ALLOWED;
    }
    AccessDecision decision = enforced.decide(view);
    counter.decided(place, AccessOutcome.enforced(decision.allowed()));
    return decision;
  }
}
