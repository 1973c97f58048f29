package dev.weft.translate;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.AuthorizationPolicy.Action;
import dev.weft.config.ExternalAuthorizer;
import dev.weft.config.MeshSettings;
import dev.weft.snapshot.MeshSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The policies of access of a workload.
 *
 * @param policies in the order in which they hold
 * @param authorizers whom they name as providers, as far as these can be asked
 * @param trustDomains that stand for each other, the mesh's own first
 */
public record AuthzInputs(
    List<AuthorizationPolicy> policies,
    List<ExternalAuthorizer> authorizers,
    List<String> trustDomains) {
  public AuthzInputs {
    policies = List.copyOf(policies);
    authorizers = List.copyOf(authorizers);
    trustDomains = List.copyOf(trustDomains);
  }

  static AuthzInputs of(MeshSnapshot snapshot, String namespace, Map<String, String> labels) {
    List<AuthorizationPolicy> policies = snapshot.accessPolicies().authorization(namespace, labels);
    return new AuthzInputs(
        policies,
        authorizers(policies, snapshot.settings()),
        policies.isEmpty() ? List.of() : trustDomains(snapshot.settings()));
  }

  private static List<ExternalAuthorizer> authorizers(
      List<AuthorizationPolicy> policies, MeshSettings settings) {
    return policies.stream()
        .filter(policy -> policy.action() == Action.CUSTOM)
        .map(policy -> settings.authorizers().get(policy.provider()))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private static List<String> trustDomains(MeshSettings settings) {
    return Stream.concat(Stream.of(settings.trustDomain()), settings.trustDomainAliases().stream())
        .map(domain -> domain.value())
        .toList();
  }
}
