package dev.weft.translate;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.MeshSettings;
import dev.weft.snapshot.MeshSnapshot;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The policies of access of a workload.
 *
 * @param policies in the order in which they hold
 * @param trustDomains that stand for each other, the mesh's own first
 */
public record AuthzInputs(List<AuthorizationPolicy> policies, List<String> trustDomains) {
  public AuthzInputs {
    policies = List.copyOf(policies);
    trustDomains = List.copyOf(trustDomains);
  }

  static AuthzInputs of(MeshSnapshot snapshot, String namespace, Map<String, String> labels) {
    List<AuthorizationPolicy> policies = snapshot.accessPolicies().authorization(namespace, labels);
    return new AuthzInputs(
        policies, policies.isEmpty() ? List.of() : trustDomains(snapshot.settings()));
  }

  private static List<String> trustDomains(MeshSettings settings) {
    return Stream.concat(Stream.of(settings.trustDomain()), settings.trustDomainAliases().stream())
        .map(domain -> domain.value())
        .toList();
  }
}
