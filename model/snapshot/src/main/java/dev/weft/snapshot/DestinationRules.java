package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All destination rules, merged by namespace and host. */
public record DestinationRules(String rootNamespace, Map<String, HostRules> byNamespace) {
  public DestinationRules {
    byNamespace = Copies.map(byNamespace);
  }

  public static DestinationRules none(String rootNamespace) {
    return new DestinationRules(rootNamespace, Map.of());
  }

  /** Rules in any order; one for each host, selector and audience in a namespace. */
  public static DestinationRules of(String rootNamespace, List<MergedDestinationRule> rules) {
    Map<String, List<MergedDestinationRule>> byNamespace = new TreeMap<>();
    rules.forEach(r -> byNamespace.computeIfAbsent(r.namespace(), n -> new ArrayList<>()).add(r));
    Map<String, HostRules> indexed = new TreeMap<>();
    byNamespace.forEach((namespace, list) -> indexed.put(namespace, HostRules.of(list)));
    return new DestinationRules(rootNamespace, indexed);
  }

  /** Every rule, by namespace and precedence. */
  public List<MergedDestinationRule> all() {
    return byNamespace.values().stream().flatMap(HostRules::all).toList();
  }

  /**
   * The rule that a client sees for a service: of the client's namespace, else the service's, else
   * the root namespace; the first that has rules for the host wins entirely, within it the most
   * specific host. Of its rules that with a selector counts for the clients of its own namespace
   * that it selects, and the one without for all others; where there is no such, they have no rule.
   * Istio: pilot/pkg/model/push_context.go destinationRule, sidecar.go DestinationRule.
   */
  public Optional<MergedDestinationRule> find(
      String clientNamespace,
      Map<String, String> clientLabels,
      ServiceId service,
      String hostname) {
    // Gateways live in the root namespace; rules there must not shadow those of the services,
    // unless they are meant for that namespace alone.
    boolean clientIsRoot = clientNamespace.equals(rootNamespace);
    List<MergedDestinationRule> found =
        in(clientNamespace, clientNamespace, hostname).stream()
            .filter(r -> !clientIsRoot || r.exportTo().equals(List.of(".")))
            .toList();
    if (found.isEmpty()) {
      found = in(service.namespace(), clientNamespace, hostname);
    }
    if (found.isEmpty()) {
      found = in(rootNamespace, clientNamespace, hostname);
    }
    return found.stream().filter(r -> selects(r, clientNamespace, clientLabels)).findFirst();
  }

  private static boolean selects(
      MergedDestinationRule rule, String clientNamespace, Map<String, String> clientLabels) {
    return rule.workloadSelector().isEmpty()
        || (rule.namespace().equals(clientNamespace)
            && clientLabels.entrySet().containsAll(rule.workloadSelector().entrySet()));
  }

  private List<MergedDestinationRule> in(
      String namespace, String clientNamespace, String hostname) {
    HostRules rules = byNamespace.get(namespace);
    return rules == null
        ? List.of()
        : rules.most(hostname, r -> Visibility.visible(r.exportTo(), namespace, clientNamespace));
  }

  /** The rule of this set that is equal to another; the other where there is none. */
  MergedDestinationRule known(MergedDestinationRule other) {
    HostRules rules = byNamespace.get(other.namespace());
    return rules == null ? other : rules.known(other);
  }

  /** The hosts whose rules are new, gone or different in a later set. */
  SortedSet<RuleKey> changedIn(DestinationRules later) {
    SortedSet<RuleKey> changed = new TreeSet<>();
    if (this != later) {
      Map<RuleKey, List<MergedDestinationRule>> before = byKey();
      Map<RuleKey, List<MergedDestinationRule>> after = later.byKey();
      after.forEach(
          (key, rules) -> {
            if (!rules.equals(before.get(key))) {
              changed.add(key);
            }
          });
      before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(changed::add);
    }
    return changed;
  }

  private Map<RuleKey, List<MergedDestinationRule>> byKey() {
    Map<RuleKey, List<MergedDestinationRule>> rules = new HashMap<>();
    all()
        .forEach(
            r ->
                rules
                    .computeIfAbsent(new RuleKey(r.namespace(), r.host()), k -> new ArrayList<>())
                    .add(r));
    return rules;
  }
}
