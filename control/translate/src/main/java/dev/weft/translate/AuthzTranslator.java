package dev.weft.translate;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.AuthorizationPolicy.Action;
import dev.weft.config.AuthorizationPolicy.Rule;
import dev.weft.config.ExternalAuthorizer;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Policies of access as filters: one filter for each action, what is enforced and what is only
 * tried beside each other. Istio: pilot/pkg/security/authz/builder.
 */
final class AuthzTranslator {
  private static final String HTTP = "envoy.filters.http.rbac";
  private static final String NETWORK = "envoy.filters.network.rbac";
  private static final String TCP_STATISTICS = "tcp.";
  private static final Policy NEVER =
      Policy.newBuilder()
          .addPermissions(Permission.newBuilder().setNotRule(Permission.newBuilder().setAny(true)))
          .addPrincipals(Principal.newBuilder().setNotId(Principal.newBuilder().setAny(true)))
          .build();

  private final AuthzInputs in;

  private AuthzTranslator(AuthzInputs in) {
    this.in = in;
  }

  static AuthzFilters translate(AuthzInputs in) {
    return new AuthzTranslator(in).filters();
  }

  /** Rules of one action. */
  private record Rules(@Nullable RBAC enforced, @Nullable RBAC tried) {}

  private AuthzFilters filters() {
    List<HttpFilter> custom = new ArrayList<>();
    List<HttpFilter> http = new ArrayList<>();
    List<Filter> network = new ArrayList<>();
    for (Action action : List.of(Action.CUSTOM, Action.AUDIT, Action.DENY, Action.ALLOW)) {
      List<HttpFilter> filters = action == Action.CUSTOM ? custom : http;
      ExternalAuthorizer asked = action == Action.CUSTOM ? asked() : null;
      if (asked != null) {
        RBAC chosen = rules(action, false, false);
        if (chosen != null) {
          custom.add(http(new Rules(null, chosen), ExternalAuthorization.SHADOW_PREFIX));
          custom.add(ExternalAuthorization.filter(asked));
        }
      } else {
        rules(action, false).ifPresent(rules -> filters.add(http(rules, shadow(rules.tried()))));
      }
      rules(action, true).ifPresent(rules -> network.add(network(rules)));
    }
    return new AuthzFilters(custom, http, network);
  }

  /**
   * Who is asked about requests: null where there is nobody, and where policies name several, of
   * which Istio asks none.
   */
  private @Nullable ExternalAuthorizer asked() {
    List<String> names =
        in.policies().stream()
            .filter(policy -> policy.action() == Action.CUSTOM && !policy.dryRun())
            .map(AuthorizationPolicy::provider)
            .distinct()
            .toList();
    return names.size() == 1
        ? in.authorizers().stream()
            .filter(authorizer -> authorizer.name().equals(names.getFirst()))
            .findFirst()
            .orElse(null)
        : null;
  }

  private static HttpFilter http(Rules rules, String shadowPrefix) {
    var filter = io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder();
    if (rules.enforced() != null) {
      filter.setRules(rules.enforced());
    }
    if (rules.tried() != null) {
      filter.setShadowRules(rules.tried()).setShadowRulesStatPrefix(shadowPrefix);
    }
    return HttpFilter.newBuilder()
        .setName(HTTP)
        .setTypedConfig(DeterministicBytes.pack(filter.build()))
        .build();
  }

  private static Filter network(Rules rules) {
    var filter =
        io.envoyproxy
            .envoy
            .extensions
            .filters
            .network
            .rbac
            .v3
            .RBAC
            .newBuilder()
            .setStatPrefix(TCP_STATISTICS);
    if (rules.enforced() != null) {
      filter.setRules(rules.enforced());
    }
    if (rules.tried() != null) {
      filter.setShadowRules(rules.tried()).setShadowRulesStatPrefix(shadow(rules.tried()));
    }
    return Filters.network(NETWORK, filter.build());
  }

  private static String shadow(@Nullable RBAC rules) {
    return rules == null
        ? ""
        : switch (rules.getAction()) {
          case ALLOW -> "istio_dry_run_allow_";
          case DENY -> "istio_dry_run_deny_";
          case LOG, UNRECOGNIZED -> "";
        };
  }

  /** Empty where no policy has the action. */
  private Optional<Rules> rules(Action action, boolean tcp) {
    RBAC enforced = rules(action, tcp, false);
    // There is nobody to ask, so there is nothing to be tried.
    RBAC tried = action == Action.CUSTOM ? null : rules(action, tcp, true);
    return enforced == null && tried == null
        ? Optional.empty()
        : Optional.of(new Rules(enforced, tried));
  }

  private @Nullable RBAC rules(Action action, boolean tcp, boolean dryRun) {
    List<AuthorizationPolicy> policies =
        in.policies().stream().filter(p -> p.action() == action && p.dryRun() == dryRun).toList();
    if (policies.isEmpty()) {
      return null;
    }
    RBAC.Builder rules =
        RBAC.newBuilder()
            .setAction(
                switch (action) {
                  case ALLOW -> RBAC.Action.ALLOW;
                  // Whom nobody could ask must not come in.
                  case DENY, CUSTOM -> RBAC.Action.DENY;
                  case AUDIT -> RBAC.Action.LOG;
                });
    for (AuthorizationPolicy policy : policies) {
      for (int i = 0; i < policy.rules().size(); i++) {
        String name = name(policy, i, tcp);
        rule(policy, policy.rules().get(i), tcp).ifPresent(p -> rules.putPolicies(name, p));
      }
      if (policy.rules().isEmpty()) {
        rules.putPolicies(name(policy, 0, tcp), NEVER);
      }
    }
    return rules.build();
  }

  private String name(AuthorizationPolicy policy, int rule, boolean tcp) {
    String name =
        "ns["
            + policy.meta().namespace()
            + "]-policy["
            + policy.meta().name()
            + "]-rule["
            + rule
            + "]";
    if (policy.action() != Action.CUSTOM) {
      return name;
    }
    // Nobody can be asked about bytes.
    return ExternalAuthorization.POLICY
        + "-"
        + name
        + (tcp || asked() == null ? "-deny-due-to-bad-CUSTOM-action" : "");
  }

  /**
   * A rule as far as it can be told of bytes: what only requests have makes a rule that allows
   * vanish, and is left out of the others, so that rather less than more comes in.
   */
  private Optional<Policy> rule(AuthorizationPolicy policy, Rule rule, boolean tcp) {
    if (tcp && policy.action() == Action.ALLOW && AuthzRules.onlyForRequests(rule)) {
      return Optional.empty();
    }
    return Optional.of(
        new AuthzRules(policy.meta().namespace(), in.trustDomains(), tcp).policy(rule));
  }
}
