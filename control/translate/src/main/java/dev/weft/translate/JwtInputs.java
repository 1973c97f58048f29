package dev.weft.translate;

import dev.weft.config.RequestAuthentication;
import dev.weft.config.RequestAuthentication.JwtRule;
import dev.weft.snapshot.MeshSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The tokens that are verified at a workload.
 *
 * @param rules by issuer
 * @param routed whether requests are routed by what tokens say
 */
public record JwtInputs(List<JwtRule> rules, boolean routed) {
  public JwtInputs {
    rules = List.copyOf(rules);
  }

  static JwtInputs of(
      MeshSnapshot snapshot, String namespace, Map<String, String> labels, boolean routed) {
    return new JwtInputs(
        snapshot.accessPolicies().authentication(namespace, labels).stream()
            .map(RequestAuthentication::rules)
            .flatMap(List::stream)
            .sorted(Comparator.comparing(JwtRule::issuer))
            .toList(),
        routed);
  }
}
