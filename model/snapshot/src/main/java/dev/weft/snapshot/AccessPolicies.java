package dev.weft.snapshot;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.ConfigObject;
import dev.weft.config.Copies;
import dev.weft.config.PolicyTarget;
import dev.weft.config.RequestAuthentication;
import dev.weft.config.RequestAuthentication.KeySource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Who may call which workloads, and which tokens are verified there. All policies of the root
 * namespace and of a workload's own namespace count that select it. Istio:
 * pilot/pkg/model/authorization.go, pilot/pkg/model/authentication.go.
 *
 * @param authorization by namespace, the oldest first
 * @param authentication by namespace, the oldest first
 */
public record AccessPolicies(
    String rootNamespace,
    Map<String, List<AuthorizationPolicy>> authorization,
    Map<String, List<RequestAuthentication>> authentication) {
  public AccessPolicies {
    authorization = Copies.map(authorization);
    authentication = Copies.map(authentication);
  }

  public static AccessPolicies none(String rootNamespace) {
    return new AccessPolicies(rootNamespace, Map.of(), Map.of());
  }

  /**
   * @param keySets keys of issuers by their addresses, as far as they were fetched
   */
  public static AccessPolicies of(
      String rootNamespace,
      List<AuthorizationPolicy> authorization,
      List<RequestAuthentication> authentication,
      Map<String, String> keySets) {
    return new AccessPolicies(
        rootNamespace,
        byNamespace(authorization),
        byNamespace(authentication.stream().map(a -> withKeys(a, keySets)).toList()));
  }

  private static RequestAuthentication withKeys(
      RequestAuthentication authentication, Map<String, String> keySets) {
    return new RequestAuthentication(
        authentication.meta(),
        authentication.target(),
        authentication.rules().stream()
            .map(
                rule -> {
                  String keys = keySets.get(rule.keys().address());
                  return keys == null ? rule : rule.with(new KeySource.Inline(keys));
                })
            .toList());
  }

  private static <P extends ConfigObject> Map<String, List<P>> byNamespace(List<P> policies) {
    Map<String, List<P>> byNamespace = new TreeMap<>();
    policies.stream()
        .sorted(Comparator.comparing((P p) -> p.meta().created()).thenComparing(P::ref))
        .forEach(
            p -> byNamespace.computeIfAbsent(p.meta().namespace(), n -> new ArrayList<>()).add(p));
    byNamespace.replaceAll((namespace, list) -> List.copyOf(list));
    return byNamespace;
  }

  /** Those that hold for a workload, those of the root namespace first. */
  public List<AuthorizationPolicy> authorization(String namespace, Map<String, String> labels) {
    return of(authorization, AuthorizationPolicy::target, namespace, labels);
  }

  /** Those that hold for a workload, those of the root namespace first. */
  public List<RequestAuthentication> authentication(String namespace, Map<String, String> labels) {
    return of(authentication, RequestAuthentication::target, namespace, labels);
  }

  private <P> List<P> of(
      Map<String, List<P>> policies,
      Function<P, PolicyTarget> target,
      String namespace,
      Map<String, String> labels) {
    if (policies.isEmpty()) {
      return List.of();
    }
    List<P> found = new ArrayList<>();
    for (String scope : scopes(namespace)) {
      for (P policy : policies.getOrDefault(scope, List.of())) {
        if (target.apply(policy).selects(labels)) {
          found.add(policy);
        }
      }
    }
    return found;
  }

  private List<String> scopes(String namespace) {
    return namespace.equals(rootNamespace) ? List.of(namespace) : List.of(rootNamespace, namespace);
  }

  /** Whether other policies hold for a workload than before. */
  public boolean differFor(AccessPolicies before, String namespace, Map<String, String> labels) {
    return !authorization(namespace, labels).equals(before.authorization(namespace, labels))
        || !authentication(namespace, labels).equals(before.authentication(namespace, labels));
  }

  /** The namespaces whose policies are others in a later snapshot. */
  Set<String> changedIn(AccessPolicies later) {
    Set<String> changed = new TreeSet<>();
    changed(authorization, later.authorization, changed);
    changed(authentication, later.authentication, changed);
    return changed;
  }

  private static <P> void changed(
      Map<String, List<P>> before, Map<String, List<P>> after, Set<String> changed) {
    Set<String> namespaces = new TreeSet<>(before.keySet());
    namespaces.addAll(after.keySet());
    namespaces.removeIf(n -> Objects.equals(before.get(n), after.get(n)));
    changed.addAll(namespaces);
  }
}
