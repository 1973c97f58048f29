package dev.weft.snapshot;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.AuthorizationPolicy.Action;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.ExternalAuthorizer;
import java.util.List;
import java.util.Objects;

/** Policies that ask somebody who cannot be asked, or who asks back. */
final class ProviderFindings {
  private ProviderFindings() {}

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (AuthorizationPolicy policy : config.all(AuthorizationPolicy.class)) {
      if (policy.action() == Action.CUSTOM) {
        add(policy, snapshot, findings);
      }
    }
  }

  private static void add(
      AuthorizationPolicy policy, MeshSnapshot snapshot, List<Diagnostic> findings) {
    ExternalAuthorizer asked = snapshot.settings().authorizers().get(policy.provider());
    String problem = null;
    if (asked == null) {
      problem =
          "extensionProviders of the mesh's configuration have no authorizer "
              + policy.provider()
              + " that can be asked: calls that a rule matches are denied until they do";
    } else if (snapshot.serviceByHostname(asked.host()).isEmpty()) {
      problem =
          "the authorizer "
              + policy.provider()
              + " is "
              + asked.host()
              + ", which is no service of the mesh, so that it is not asked: make the service, or"
              + " write its full name";
    }
    if (problem != null) {
      findings.add(
          Diagnostic.warning(
              FindingCode.MISSING_REFERENCE,
              policy.ref().toString(),
              "spec.provider.name",
              problem));
    } else if (asked != null && asksAboutItself(policy, asked, snapshot)) {
      findings.add(
          Diagnostic.warning(
              FindingCode.ASKED_ABOUT_ITSELF,
              policy.ref().toString(),
              "spec.selector",
              "the policy holds for the pods of "
                  + asked.host()
                  + " too: their proxies ask about what they are asked, without an end. Select"
                  + " other pods, or let the rules match nothing that it is asked"));
    }
  }

  /** By rules that leave no operation out, and so match the question itself. */
  private static boolean asksAboutItself(
      AuthorizationPolicy policy, ExternalAuthorizer asked, MeshSnapshot snapshot) {
    return policy.rules().stream().anyMatch(rule -> rule.to().isEmpty())
        && snapshot.serviceByHostname(asked.host()).stream()
            .flatMap(service -> service.endpoints().stream())
            .map(ServiceEndpoint::workload)
            .filter(Objects::nonNull)
            .anyMatch(
                pod ->
                    (pod.injected() || pod.mtls())
                        && snapshot
                            .accessPolicies()
                            .authorization(pod.key().namespace(), pod.labels())
                            .contains(policy));
  }
}
