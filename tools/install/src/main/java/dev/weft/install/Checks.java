package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looking at a cluster before an installation, and after it. */
final class Checks {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,3})\\.(\\d{1,3}).*");
  private static final int OLDEST_MINOR = 26;
  private static final int NATIVE_SIDECARS_MINOR = 29;

  private final Cluster cluster;

  Checks(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Whether a plan can be carried out here. */
  List<Finding> before(IstioOperator wanted, Plan plan) {
    List<Finding> findings = new ArrayList<>();
    version(cluster.version()).ifPresent(findings::add);
    for (KubeKind kind : KubeKind.values()) {
      boolean needed = plan.all().stream().anyMatch(o -> o.kind() == kind);
      for (String verb : List.of("create", "patch")) {
        if (needed && !cluster.may(verb, kind, wanted.namespace())) {
          findings.add(
              Finding.error(
                  "you may not "
                      + verb
                      + " "
                      + kind.plural()
                      + (kind.group().isEmpty() ? "" : "." + kind.group())
                      + ": get the right, or ask somebody who has it"));
        }
      }
    }
    Installer.refusals(cluster, plan).forEach(r -> findings.add(Finding.error(r)));
    for (KubeObject type : plan.types()) {
      switch (Versions.decide(type, cluster.get(type))) {
        case Versions.Decision.Write() -> {}
        case Versions.Decision.Leave(Optional<String> warning) ->
            warning.ifPresent(w -> findings.add(Finding.warning(w)));
        case Versions.Decision.Refuse(String reason) -> findings.add(Finding.error(reason));
      }
    }
    cluster
        .get(KubeKind.NAMESPACE, "", wanted.namespace())
        .filter(n -> "Terminating".equals(Trees.at(n.body(), "status", "phase")))
        .ifPresent(
            _ ->
                findings.add(
                    Finding.error(
                        "namespace " + wanted.namespace() + " is being deleted: wait for it")));
    return findings;
  }

  static Optional<Finding> version(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return Optional.of(Finding.warning("the API server does not say its version"));
    }
    int minor = Integer.parseInt(matcher.group(2));
    if (matcher.group(1).equals("1") && minor < OLDEST_MINOR) {
      return Optional.of(
          Finding.error(
              "Kubernetes " + version + " is older than 1." + OLDEST_MINOR + ": update it first"));
    }
    return minor < NATIVE_SIDECARS_MINOR
        ? Optional.of(
            Finding.warning(
                "Kubernetes "
                    + version
                    + " has no native sidecars (1."
                    + NATIVE_SIDECARS_MINOR
                    + " has): proxies are ordinary containers"))
        : Optional.empty();
  }

  /** By object of an installation why it does not do its work; empty where all is well. */
  Map<String, String> after(String namespace, Optional<String> revision) {
    List<KubeObject> there = new ArrayList<>();
    for (KubeKind kind : KubeKind.values()) {
      cluster.list(kind, Map.of(Marks.OWNER, namespace)).stream()
          .filter(
              o ->
                  o.label(Marks.REVISION).isEmpty()
                      || revision.map(o.label(Marks.REVISION)::equals).orElse(true))
          .forEach(there::add);
    }
    Map<String, String> lacking = new LinkedHashMap<>();
    boolean any =
        revision
            .map(r -> there.stream().anyMatch(o -> o.label(Marks.REVISION).equals(r)))
            .orElse(!there.isEmpty());
    if (!any) {
      lacking.put(
          "namespace " + namespace,
          "has nothing that weft or the charts installed"
              + revision.map(r -> " for revision " + r).orElse(""));
    }
    lacking.putAll(Installer.lacking(cluster, there));
    return lacking;
  }

  /** The same for all objects that an IstioOperator comes to. */
  Map<String, String> after(Plan plan) {
    return Installer.lacking(cluster, plan.all());
  }
}
