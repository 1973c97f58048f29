package dev.weft.snapshot;

import dev.weft.config.Copies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /** The first one for a host that passes; null where none does. */
  @Nullable MergedDestinationRule first(String host, Predicate<MergedDestinationRule> passes) {
    for (MergedDestinationRule rule : exact.getOrDefault(host, List.of())) {
      if (passes.test(rule)) {
        return rule;
      }
    }
    for (MergedDestinationRule rule : patterns) {
      if (DestinationRules.matches(rule.host(), host) && passes.test(rule)) {
        return rule;
      }
    }
    return null;
  }

  /** The one that is equal to another; the other where there is none. */
  MergedDestinationRule known(MergedDestinationRule other) {
    List<MergedDestinationRule> candidates =
        other.host().startsWith("*") ? patterns : exact.getOrDefault(other.host(), List.of());
    int at = candidates.indexOf(other);
    return at < 0 ? other : candidates.get(at);
  }
}
