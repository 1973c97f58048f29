package dev.weft.snapshot;

import dev.weft.config.Copies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The merged rules of one namespace, in the order in which they are asked: those for the host
 * itself, then longer patterns before shorter ones; for the same host, rules with a selector first.
 *
 * @param exact by host
 * @param patterns whose hosts have a leading {@code *}
 */
public record HostRules(
    Map<String, List<MergedDestinationRule>> exact, List<MergedDestinationRule> patterns) {
  private static final HostRules NONE = new HostRules(Map.of(), List.of());

  private static final Comparator<MergedDestinationRule> PRECEDENCE =
      Comparator.comparing((MergedDestinationRule r) -> -r.host().length())
          .thenComparing(r -> r.workloadSelector().isEmpty())
          .thenComparing(r -> r.sources().getFirst());

  public HostRules {
    exact = Copies.map(exact);
    patterns = List.copyOf(patterns);
  }

  static HostRules of(List<MergedDestinationRule> rules) {
    Map<String, List<MergedDestinationRule>> exact = new LinkedHashMap<>();
    List<MergedDestinationRule> patterns = new ArrayList<>();
    for (MergedDestinationRule rule : rules.stream().sorted(PRECEDENCE).toList()) {
      (rule.host().startsWith("*")
              ? patterns
              : exact.computeIfAbsent(rule.host(), h -> new ArrayList<>()))
          .add(rule);
    }
    exact.replaceAll((host, list) -> List.copyOf(list));
    return exact.isEmpty() && patterns.isEmpty() ? NONE : new HostRules(exact, patterns);
  }

  Stream<MergedDestinationRule> all() {
    return Stream.concat(exact.values().stream().flatMap(List::stream), patterns.stream());
  }

  /** Those of the most specific host for which any passes, in order; empty where none does. */
  List<MergedDestinationRule> most(String host, Predicate<MergedDestinationRule> passes) {
    List<MergedDestinationRule> own =
        exact.getOrDefault(host, List.of()).stream().filter(passes).toList();
    if (!own.isEmpty()) {
      return own;
    }
    List<MergedDestinationRule> wider =
        patterns.stream().filter(r -> HostNames.matches(r.host(), host) && passes.test(r)).toList();
    return wider.stream().filter(r -> r.host().equals(wider.getFirst().host())).toList();
  }

  /** The one that is equal to another; the other where there is none. */
  MergedDestinationRule known(MergedDestinationRule other) {
    List<MergedDestinationRule> candidates =
        other.host().startsWith("*") ? patterns : exact.getOrDefault(other.host(), List.of());
    int at = candidates.indexOf(other);
    return at < 0 ? other : candidates.get(at);
  }
}
