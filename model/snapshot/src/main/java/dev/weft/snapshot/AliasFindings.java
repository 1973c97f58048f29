package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import java.util.List;

/** ExternalName Services that stand for nothing, and policy that is written for one. */
final class AliasFindings {
  private AliasFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (MeshService service : snapshot.services().values()) {
      if (AliasTarget.isAlias(snapshot, service)
          && AliasTarget.host(snapshot, service.hostname()).isEmpty()) {
        findings.add(
            Diagnostic.warning(
                FindingCode.MISSING_REFERENCE,
                "Service " + service.id(),
                "spec.externalName",
                "it stands for "
                    + service.externalName()
                    + ", which is no service of any cluster and no pod of one, or leads back here;"
                    + " its name does not resolve"));
      }
    }
    for (MergedDestinationRule rule : snapshot.destinationRules().all()) {
      snapshot
          .serviceByHostname(rule.host())
          .filter(service -> AliasTarget.isAlias(snapshot, service))
          .ifPresent(
              service ->
                  findings.add(
                      Diagnostic.warning(
                          FindingCode.UNKNOWN_RULE_HOST,
                          rule.sources().getFirst().toString(),
                          "spec.host",
                          rule.host()
                              + " is another name of "
                              + service.externalName()
                              + ", whose policy counts; write the rule for that host")));
    }
  }
}
