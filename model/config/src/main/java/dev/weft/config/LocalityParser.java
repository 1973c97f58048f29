package dev.weft.config;

import dev.weft.config.LocalityLoadBalancing.Distribute;
import dev.weft.config.LocalityLoadBalancing.Failover;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code localityLbSetting}. Rules: Istio, pkg/config/validation/agent/validation.go, {@code
 * ValidateLocalityLbSetting}.
 */
final class LocalityParser {
  private static final Set<String> TOPOLOGY =
      Set.of(
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "topology.istio.io/subzone");

  private LocalityParser() {}

  static LocalityLoadBalancing read(TreeReader r) {
    boolean enabled = r.bool("enabled", true);
    List<Distribute> distribute = r.objects("distribute", LocalityParser::distribute);
    List<Failover> failover = r.objects("failover", LocalityParser::failover);
    List<String> priority = r.strings("failoverPriority");
    if (!failover.isEmpty() && priority.stream().anyMatch(TOPOLOGY::contains)) {
      r.error(
          "failoverPriority",
          "failover orders regions, and labels of places do so, too: keep one of both");
    }
    if (!distribute.isEmpty() && !(failover.isEmpty() && priority.isEmpty())) {
      r.error("distribute", "cannot stand beside failover or failoverPriority; keep one");
    }
    apart(r, "distribute", distribute.stream().map(Distribute::from).toList());
    return new LocalityLoadBalancing(enabled, distribute, failover, priority);
  }

  private static Distribute distribute(TreeReader r) {
    Map<String, Integer> to = r.integerMap("to");
    int sum = 0;
    for (int weight : to.values()) {
      if (weight < 1 || weight > 100) {
        r.error("to", "weight " + weight + " is not in 1 to 100");
      }
      sum += weight;
    }
    if (sum != 100) {
      r.error("to", "the weights add up to " + sum + ", not 100");
    }
    apart(r, "to", List.copyOf(to.keySet()));
    return new Distribute(r.string("from"), to);
  }

  /** A place that two patterns have would get what either says. */
  private static void apart(TreeReader r, String key, List<String> patterns) {
    for (int i = 0; i < patterns.size(); i++) {
      for (int j = i + 1; j < patterns.size(); j++) {
        if (overlap(patterns.get(i), patterns.get(j))) {
          r.error(
              key,
              "'"
                  + patterns.get(i)
                  + "' and '"
                  + patterns.get(j)
                  + "' have places in common: make one of them narrower, or leave it out");
        }
      }
    }
  }

  /** Patterns are {@code *}, {@code region/*}, {@code region/zone/*} or name a place. */
  private static boolean overlap(String a, String b) {
    String[] one = a.split("/", -1);
    String[] other = b.split("/", -1);
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      if (one[i].equals("*") || other[i].equals("*")) {
        return true;
      }
      if (!one[i].equals(other[i])) {
        return false;
      }
    }
    return true;
  }

  private static Failover failover(TreeReader r) {
    String from = r.string("from");
    String to = r.string("to");
    if (from.equals(to)) {
      r.error("to", "failover from " + from + " to itself");
    }
    if ((from + to).indexOf('/') >= 0 || (from + to).indexOf('*') >= 0) {
      r.error("from", "failover names regions only, without / and *");
    }
    return new Failover(from, to);
  }
}
